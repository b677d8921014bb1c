/** A small valid code map, one table of each kind, for tests to read as it is or with one thing changed. */
export const smallMap = `version: 1
categories:
  delivered: { en: Delivered, zh: 已送达 }
  accepted: { en: Accepted, zh: 已受理 }
  unknown: { en: Unknown, zh: 未知 }
  empty_number: { en: Empty number, zh: 空号 }
providers:
  acme:
    sms_receipt:
      channel: sms
      kind: receipt
      title: SMS receipts
      codes:
        "012":
          category: empty_number
          outcome: failed
          fault: recipient
          retryable: no
          zh: 空号
          en: Empty number
          note: Not 12
        exp-1: { category: unknown, outcome: unknown, fault: carrier, retryable: yes, zh: 过期, en: Expired }
    send_api:
      channel: sms
      kind: api
      title: Send
      api: acme.send
      codes:
        OK: { category: accepted, outcome: accepted, fault: none, retryable: no, zh: 已受理, en: Accepted }
tests:
  - { provider: acme, scope: sms_receipt, code: 012, flag: failed, category: empty_number, outcome: failed }
`;
