import { expect, it } from "vitest";
import { performanceReference } from "./performance-reference.ts";

function shapes(receipts: string, cpu: string): string {
  const cells = ["`form`", "a form", "216", cpu, "1.00", "2.20", "2.00", "0.90", "0.50", "2.33"];
  return `## Shapes: ${receipts} receipts, 4 partitions, 200 codes

2026-11-26: on a machine.

| shape |  | bytes | \`run\` µs | slope | \`replay\` µs | slope | kafkajs µs | slope | \`run\` / kafkajs |
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|
| ${cells.join(" | ")} |

| shape | \`run\` start ms |
|---|--:|
| \`form\` | 400 |

\`run\`: \`form\` with ${cpu} µs.
`;
}
const batches = `## Batches: 1,000 receipts of the shape foreign, 4 partitions, 200 codes

2026-11-26: on a machine.

Sent by kcat.

| producer |
|---|
| kcat |

\`run\`: the best is none, the worst gzip.
`;

const java = `## Beside Java: 5,000 receipts of the shape foreign, 4 partitions, 200 codes

2026-11-26: on a machine.

The Java program counts.

| program |
|---|
| Java |

\`run\` takes 0.20 of the CPU that the Java program takes.
`;
const others = `${batches}\n${java}`;

it("has what the largest topics cost, the best and the worst batch, and what Java takes", () => {
  const results = `# Results\n\n${shapes("100 and 500", "9.90")}\n${others}\n${shapes("1,000 and 5,000", "2.10")}`;
  const reference = performanceReference(results);
  expect(reference).toBe(`1,000 and 5,000 receipts, 4 partitions, 200 codes. 2026-11-26: on a machine.

|  | bytes | \`run\` µs | slope | \`replay\` µs | slope | kafkajs µs |
|---|--:|--:|--:|--:|--:|--:|
| a form | 216 | 2.10 | 1.00 | 2.20 | 2.00 | 0.90 |

\`run\`: \`form\` with 2.10 µs.

Batches, 1,000 receipts of the shape foreign, 4 partitions, 200 codes. \`run\`: the best is none, the worst gzip.

Beside a Java program of kafka-clients and Jackson, 5,000 receipts of the shape foreign, 4 partitions, 200 codes: \`run\` takes 0.20 of the CPU that the Java program takes.`);
});

it("has the topics of the most shapes, however large those of others are", () => {
  const more = shapes("100 and 500", "2.10").replace(/^\| `form` \| a form .*\n/m, "$&$&");
  const reference = performanceReference(`${more}\n${others}\n${shapes("1,000 and 5,000", "9.90")}`);
  expect(reference).toContain("100 and 500 receipts");
  expect(reference).not.toContain("9.90");
});

it("says what was not measured", () => {
  expect(() => performanceReference("# Results\n")).toThrow("no part Shapes was measured: npm run bench");
});
