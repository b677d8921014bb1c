import { createHash } from "node:crypto";

/** The page's only style. Contrast is at least 4.5:1, in light and dark mode. */
export const style = `
:root{color-scheme:light dark;--ink:#1b1f24;--dim:#57606a;--back:#fff;--box:#f3f5f7;--line:#d0d7de;--link:#0550ae;--good:#116329;--bad:#a40e26}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9ba5b0;--back:#0d1117;--box:#171d25;--line:#343c46;--link:#79b8ff;--good:#56d364;--bad:#ff8f87}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back);overflow-wrap:anywhere}
h1{font-size:1.3rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:1rem 0 .25rem}p{margin:.4rem 0}
a{color:var(--link)}a:focus-visible,[tabindex]:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;justify-content:space-between}
.state{border-inline-start:.4rem solid;padding:.6rem .8rem;margin:.8rem 0;background:var(--box);font-weight:600}
.good{color:var(--good)}.bad{color:var(--bad)}.dim{color:var(--dim)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.5rem;margin:.8rem 0}
.facts div{background:var(--box);padding:.5rem .7rem}
dt{color:var(--dim);font-size:.85rem}dd{margin:0}.facts dd{font-size:1.15rem;font-variant-numeric:tabular-nums}.facts .dim{font-size:.85rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;overflow-wrap:break-word}
th,td{text-align:start;vertical-align:top;padding:.3rem .9rem .3rem 0;border-bottom:1px solid var(--line)}
thead th{color:var(--dim);font-weight:400}tbody th{font-weight:400}
.n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}.name{min-width:7rem;max-width:22rem;overflow-wrap:anywhere}.time{white-space:nowrap}
code,pre{font-family:ui-monospace,monospace;font-size:.85rem}
pre{margin:.3rem 0;padding:.5rem .7rem;background:var(--box);white-space:pre-wrap;direction:ltr;unicode-bidi:isolate}
ul{padding-inline-start:1.2rem;margin:.4rem 0}
summary{cursor:pointer}
`;

/** The page may use its own style, and nothing else. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
