import { expect, it } from "vitest";
import { type LandingPage, renderLanding } from "../../src/http/landing.ts";

const page: LandingPage = {
  version: "1.2.3",
  codeMapHash: "0a1b2c",
  group: "receipts",
  readiness: { obstacle: undefined, remarks: [] },
  partitions: [
    { topic: "sms", partition: 0, committedOffset: 120, lag: 3 },
    { topic: "voice", partition: 7, committedOffset: 5, lag: undefined },
  ],
};

it("shows version, group, code map and each partition with its offset and lag", () => {
  const html = renderLanding(page);
  expect(html).toContain("<h1>dlr-exporter 1.2.3</h1>");
  expect(html).toContain("Group <b>receipts</b>, code map <b>0a1b2c</b>, ready.");
  expect(html).toContain("<tr><td>sms</td><td>0</td><td>120</td><td>3</td></tr>");
  expect(html).toContain("<tr><td>voice</td><td>7</td><td>5</td><td></td></tr>");
});

it("says why it is not ready, and that it owns nothing", () => {
  const html = renderLanding({
    ...page,
    readiness: { obstacle: "joining the group", remarks: [] },
    partitions: [],
  });
  expect(html).toContain("not ready: joining the group.");
  expect(html).toContain("No partition is assigned to this instance.");
  expect(html).not.toContain("<table>");
});

it("takes no markup from what it shows", () => {
  const html = renderLanding({
    ...page,
    group: `<img src="x">`,
    readiness: { obstacle: "<script>'&'</script>", remarks: ["<img>"] },
  });
  expect(html).toContain("&#60;img src=&#34;x&#34;&#62;");
  expect(html).toContain("&#60;script&#62;&#39;&#38;&#39;&#60;/script&#62;");
  expect(html).not.toMatch(/<img|<script/);
});
