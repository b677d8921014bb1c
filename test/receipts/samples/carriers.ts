import { json, of, one, type Sample } from "./sample.ts";

/** What gateways of the carriers' protocols write. */
export const carriers: readonly Sample[] = [
  ...one("cmpp", of("cmpp", "failed", "MK:0001", "2026-01-01T12:01:00+08:00", "2026-01-01T12:00:00+08:00"), {
    "a status report": json({
      ...{ msg_id: "1", stat: "MK:0001", submit_time: "2601011200", done_time: "2601011201" },
      ...{ dest_terminal_id: "13900000000", smsc_sequence: 1 },
    }),
    "a status report in another spelling": json({
      ...{ msgId: "1", stat: "MK:0001", submitTime: "2601011200", doneTime: "2601011201" },
    }),
  }),
  ...one("smgp", of("smgp", "failed", "UNDELIV", "2026-01-01T12:01:00+08:00", "2026-01-01T12:00:00+08:00"), {
    "a report as a gateway's library has it": json({
      ...{ msgId: { sequence: 1 }, sub: "001", dlvrd: "000", subTime: "2601011200", doneTime: "2601011201" },
      ...{ stat: "UNDELIV", err: "013", txt: "" },
    }),
  }),
  ...one("sgip", of("sgip", "failed", "54"), {
    "a report": json({
      SubmitSequenceNumber: "1",
      ReportType: 0,
      UserNumber: "8613900000000",
      State: 2,
      ErrorCode: 54,
    }),
  }),
];
