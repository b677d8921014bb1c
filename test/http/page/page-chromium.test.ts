import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Status } from "../../../src/http/status.ts";
import { chromiumMissing, startChromium } from "../../lab/chromium.ts";
import { busyStatus, emptyStatus, hostileNames, hostileStatus } from "../example-status.ts";
import { Servers } from "../site.ts";

if (chromiumMissing !== undefined)
  console.warn(`the status page is not opened in a browser: ${chromiumMissing}`);

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What a person has chosen, and on what. */
const readers = [
  { name: "in English, light, on a screen", locale: "en-GB", colorScheme: "light", width: 1280 },
  { name: "in English, dark, on a phone", locale: "en-GB", colorScheme: "dark", width: 360 },
  { name: "in Chinese, light, on a phone", locale: "zh-CN", colorScheme: "light", width: 360 },
  { name: "in Chinese, dark, on a screen", locale: "zh-CN", colorScheme: "dark", width: 1280 },
] as const;

describe.skipIf(chromiumMissing !== undefined && process.env.CI !== "true")("in a real Chromium", () => {
  const servers = new Servers();
  let browser: Browser;
  let context: BrowserContext | undefined;

  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await context?.close();
    await servers.close();
  });

  /** Opens the page, as a reader without JavaScript unless it says so; gives what the browser asked for and complained of. */
  async function open(status: Status, reader: (typeof readers)[number], scripts = false) {
    const { port } = await servers.listen({ status: () => status });
    const origin = `http://127.0.0.1:${port}`;
    const { locale, colorScheme, width } = reader;
    // axe-core is put into the page by the test, which the page's own policy forbids
    const rules = scripts ? { bypassCSP: true } : { javaScriptEnabled: false };
    context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 740 }, ...rules });
    const page = await context.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(`${origin}/`);
    return { page, origin, asked, complaints };
  }

  /** What axe-core finds wrong: rule, element and why. */
  async function objections(status: Status, reader: (typeof readers)[number]): Promise<unknown[]> {
    const { page } = await open(status, reader, true);
    // what is folded is looked at too
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
    await page.addScriptTag({ path: axe });
    const results = (await page.evaluate("axe.run()")) as AxeResults;
    expect(results.passes.length).toBeGreaterThan(15);
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => ({ id, html, failureSummary })),
    );
  }

  describe.each(readers)("$name", (reader) => {
    const isChinese = reader.locale === "zh-CN";

    it("shows at once whether it counts, how far behind it is, and what comes in", async () => {
      const { page, origin, asked, complaints } = await open(busyStatus, reader);
      const state = page.getByText(
        isChinese ? "就绪：回执正在计数并已持久保存。" : "Ready: receipts are counted and committed.",
      );
      expect(await state.isVisible()).toBe(true);
      const firstScreen = await state.boundingBox();
      expect(firstScreen?.y).toBeLessThan(200);
      const table = (name: string) => page.getByRole("region", { name, exact: true });
      const recent = table(isChinese ? "最近几分钟的回执" : "Receipts of the last minutes");
      const row = isChinese ? "黑名单 blacklist 失败 1,904 5,112" : "Blacklist blacklist failed 1,904 5,112";
      expect(await recent.getByRole("row", { name: row }).count()).toBe(1);
      const topics = table(isChinese ? "主题" : "Topics");
      expect(
        await topics.getByText("topic voice does not exist; it will be read as soon as it does").isVisible(),
      ).toBe(true);
      expect(asked).toEqual([`${origin}/`]);
      expect(complaints).toEqual([]);
    });

    it("has its colours", async () => {
      const { page } = await open(busyStatus, reader, true);
      const colours = await page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.state')).color]",
      );
      const dark = ["rgb(13, 17, 23)", "rgb(86, 211, 100)"];
      expect(colours).toEqual(
        reader.colorScheme === "dark" ? dark : ["rgb(255, 255, 255)", "rgb(17, 99, 41)"],
      );
    });

    it("can be read in the other language", async () => {
      const { page } = await open(busyStatus, reader);
      await page.getByRole("link", { name: isChinese ? "English" : "中文" }).click();
      const heading = isChinese ? "Unknown codes" : "未知状态码";
      expect(await page.getByRole("heading", { name: heading }).isVisible()).toBe(true);
    });
  });

  it.each(readers.filter(({ width }) => width === 360))(
    "has nothing that axe-core objects to: $name",
    async (reader) => {
      expect(await objections(busyStatus, reader)).toEqual([]);
    },
  );

  it.each(Object.entries({ emptyStatus, hostileStatus }))(
    "has nothing that axe-core objects to: %s",
    async (_, status) => {
      expect(await objections(status, readers[1])).toEqual([]);
    },
  );

  it.each(Object.entries({ emptyStatus, busyStatus, hostileStatus }))(
    "fits a phone, on which what is wider is moved by itself: %s",
    async (_, status) => {
      const { page } = await open(status, readers[1], true);
      const { width } = readers[1];
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      const boxes = await Promise.all(
        (await page.locator("body > *, main > *").all()).map((one) => one.boundingBox()),
      );
      expect(boxes.length).toBeGreaterThan(20);
      for (const box of boxes) if (box !== null) expect(box.x + box.width).toBeLessThanOrEqual(width);
    },
  );

  it.each(readers)(
    "shows hostile names as they are written, and does nothing they say: $name",
    async (reader) => {
      // with scripts allowed: only the page's own policy and its escapes stand in the way
      const { port } = await servers.listen({ status: () => hostileStatus });
      const { locale, colorScheme, width } = reader;
      context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 740 } });
      const page = await context.newPage();
      const asked: string[] = [];
      const complaints: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      page.on("console", (message) => complaints.push(message.text()));
      page.on("dialog", (dialog) => {
        complaints.push(dialog.message());
        void dialog.dismiss();
      });
      await page.goto(`http://127.0.0.1:${port}/`);
      await page.mouse.move(width / 2, 300);
      for (const written of hostileNames) {
        const shown = written.replace(/[\p{C}]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
        const cells = page.getByRole("rowheader", { name: shown, exact: true });
        expect(await cells.count(), shown).toBeGreaterThanOrEqual(4);
        expect(await cells.first().isVisible()).toBe(true);
      }
      expect(await page.locator("script, img, [onmouseover], [onerror]").count()).toBe(0);
      expect([asked, complaints]).toEqual([[`http://127.0.0.1:${port}/`], []]);
    },
  );

  it("can be gone through with the keyboard: links, tables and what is folded", async () => {
    const { page } = await open(busyStatus, readers[0]);
    const reached = new Set<string>();
    for (let n = 0; n < 25; n++) {
      await page.keyboard.press("Tab");
      const focused = page.locator(":focus");
      if ((await focused.count()) === 0) break;
      const names = await Promise.all(["href", "aria-label"].map((name) => focused.getAttribute(name)));
      reached.add(names.find((one) => one !== null) ?? "what is folded");
    }
    expect([...reached]).toEqual(
      expect.arrayContaining(["/?lang=zh", "/metrics", "/-/ready", "/-/status", "Topics", "what is folded"]),
    );
  });
});
