import { renderPage } from "../../src/http/page/page.ts";
import { startChromium } from "../lab/chromium.ts";
import { busyStatus } from "./example-status.ts";

// The picture in docs/operations.md: the first screen of the page, of the same example that the tests open.
const browser = await startChromium();
const page = await browser.newPage({ viewport: { width: 860, height: 1_050 }, locale: "en-GB" });
await page.setContent(renderPage(busyStatus, "en", "http://localhost:9464"));
await page.screenshot({ path: "docs/status-page.png" });
await browser.close();
