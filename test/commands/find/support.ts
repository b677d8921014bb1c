import { Finding, type FindingOptions } from "../../../src/commands/find/finding.ts";
import { readFindRequest } from "../../../src/commands/find/request.ts";
import { packagedMap } from "../../ledger/support.ts";
import { shapeOf } from "../../receipts/support.ts";
import { began } from "../sample/support.ts";

export const topic = { topic: "sms", provider: undefined, channel: undefined, shape: shapeOf() };

const phone = "13912345678";

/** A receipt of Aliyun's, invented. */
export function receiptOf(code: string, delivered = false): string {
  return JSON.stringify(fieldsOf(code, delivered));
}

export function fieldsOf(code: string, delivered = false): object {
  return {
    ...{ phone_number: phone, send_time: "2026-11-26 19:59:00", report_time: "2026-11-26 20:00:00" },
    ...{ success: delivered, err_code: code, err_msg: "张三的手机停机", sms_size: "1" },
    ...{ biz_id: "706715193751989145^0" },
  };
}

/** Looks through partitions of the topic `sms` from offset 10 to 100 each, for what flags ask for. */
export function finding(
  values: Readonly<Record<string, string | readonly string[]>> = {},
  switches: readonly string[] = [],
  { partitions = 1, ...changes }: Partial<FindingOptions> & { readonly partitions?: number } = {},
): Finding {
  const stretches = Array.from({ length: partitions }, (_, partition) => ({
    ...{ topic: "sms", partition, start: 10, end: 100, removedBefore: 0, undecided: 0 },
  }));
  const [map, topics] = [packagedMap(), [topic]];
  const { wanted, isShown, isExplained } = readFindRequest(
    { from: new Date(began).toISOString(), ...values },
    new Set(switches),
    { map, topics, now: began + 3_600_000 },
  );
  return new Finding({ wanted, topics, map, isShown, isExplained, ...changes }, stretches);
}
