import { inSegments, json, of, one, type Sample } from "./sample.ts";
import { tencentVoice } from "./tencent-voice.ts";

const huaweiTime = "2018-04-13T06:31:46Z";

const china: readonly Sample[] = [
  ...one("huawei", of("huawei", "delivered", "DELIVRD", huaweiTime), {
    "MSGSMS, a form": `status=DELIVRD&smsMsgId=x_1&updateTime=${huaweiTime}`,
  }),
  ...one("huawei", of("huawei", "failed", "E200028", huaweiTime), {
    "a code of Huawei's own": `sequence=1&total=1&updateTime=${huaweiTime}&to=13900000000&smsMsgId=x_1&status=E200028`,
  }),
  ...one("huawei", of("huawei", "failed", "E200028", huaweiTime), {
    IoTCom: json({ smsMsgID: "x_1", status: "E200028", dateStatus: huaweiTime, to: "8613900000000" }),
  }),
  ...one("volcengine", inSegments(2, of("volcengine", "failed", "MK:0001")), {
    "an array of reports": json([
      {
        ...{ account: "1", sub_account: "s", status_code: "1", msg_count: 2 },
        ...{ description: "MK:0001", mobile: "13900000000", message_id: "m" },
      },
    ]),
  }),
  ...one("volcengine", of("volcengine", "failed", "MK:0001", "2021-08-24T10:32:57Z"), {
    "the older report": json({
      ...{ AccountID: "1", SubAccount: "s", MessageID: "m", MobileNumber: "13900000000", Status: "3" },
      ...{ Description: "MK:0001", ReceiptTime: "1629801177" },
    }),
  }),
  {
    name: "two receipts in a copy of an event",
    format: "netease",
    value: json({
      eventType: "11",
      objects: [
        {
          mobile: "13900000000",
          result: "DELIVRD",
          sendTime: "2017-06-02 14:40:45",
          reportTime: "2017-06-02 14:40:55",
          spliced: "3",
        },
        {
          mobile: "13900000001",
          result: "MK:0001",
          sendTime: "2017-06-02 14:41:00",
          reportTime: "2017-06-02 14:41:20",
        },
      ],
    }),
    receipts: [
      inSegments(
        3,
        of("netease", "delivered", "DELIVRD", "2017-06-02T14:40:55+08:00", "2017-06-02T14:40:45+08:00"),
      ),
      inSegments(
        0,
        of("netease", "failed", "MK:0001", "2017-06-02T14:41:20+08:00", "2017-06-02T14:41:00+08:00"),
      ),
    ],
  },
  ...one(
    "cloopen",
    of("cloopen", "delivered", "DELIVRD", "2013-09-23T01:00:10+08:00", "2013-09-23T01:00:00+08:00"),
    {
      "a report": json({
        Request: {
          ...{ action: "SMSArrived", smsType: "1", content: "4121908f", fromNum: "13900000000" },
          ...{ dateSent: "20130923010000", recvTime: "20130923010010", deliverCode: "DELIVRD", status: "0" },
        },
      }),
    },
  ),
  ...one("chuanglan", inSegments(1, of("chuanglan", "delivered", "DELIVRD", "2026-09-10T16:07:00+08:00")), {
    "a query":
      "/chuanglan?msgid=1&reportTime=2609101607&mobile=13900000000&status=DELIVRD&notifyTime=260910160719&length=1",
  }),
  ...one(
    "ucloud",
    of(
      ...(["ucloud", "delivered", "Delivrd", "2022-04-12T08:15:30Z"] as const),
      ...(["2022-04-12T08:15:07Z", "voice_receipt"] as const),
    ),
    {
      "a voice message": json({
        ...{ TaskNo: "d", Phone: "13900000000", ReceiptResult: 1, ReceiptCode: "Delivrd" },
        ...{ CallStartTime: 1649751307000, CallEndTime: 1649751330000, Duration: 23 },
      }),
    },
  ),
  ...one("ucloud", inSegments(1, of("ucloud", "none", "", undefined)), {
    "an SMS that the carrier has not reported": json({
      TaskNo: "d",
      Phone: "13900000000",
      ReceiptResult: 3,
      ReceiptCode: "",
      CostCount: 1,
    }),
  }),
  ...one("submail", of("submail", "failed", "UNDELIV", "2014-11-03T11:47:35Z"), {
    "a form": "events=dropped&address=13900000000&app=1&send_id=0a&timestamp=1415015255&report=UNDELIV",
  }),
  ...one("jiguang", of("jiguang", "failed", "4002", "2026-01-01T00:00:00Z"), {
    "a receipt under data": json({
      ...{ nonce: 1, signature: "s", timestamp: 1767225600000 },
      data: { msgId: "1", status: 4002, receiveTime: "2026-01-01T00:00:00Z", phone: "13900000000" },
    }),
  }),
  ...one("qiniu", of("qiniu", "failed", "MK:0001", undefined, "2026-01-01T00:00:00Z"), {
    "a report among items": json({
      reports: [
        {
          message_id: "1",
          job_id: "j",
          mobile: "13900000000",
          status: "failed",
          error: "MK:0001",
          created_at: 1767225600,
        },
      ],
    }),
  }),
  ...one(
    "baidu",
    inSegments(1, of("baidu", "failed", "B:00012", "2026-01-01T00:00:05Z", "2026-01-01T00:00:00Z")),
    {
      "a callback": json({
        ...{ code: "2", requestId: "r", messageId: "m", mobile: "13900000000", carrierCode: "B:00012" },
        ...{ attemptCount: 1, segmentCount: 1 },
        ...{ requestTime: "2026-01-01T00:00:00Z", deliverTime: "2026-01-01T00:00:05Z" },
      }),
    },
  ),
];

const world: readonly Sample[] = [
  ...one("twilio", of("twilio", "failed", "30003"), {
    "a form":
      "SmsSid=SM1&SmsStatus=undelivered&MessageStatus=undelivered&To=%2B14150000000&MessageSid=SM1&ErrorCode=30003",
  }),
  ...one("twilio", of("twilio", "pending", "sent"), {
    "a message on its way": "SmsSid=SM1&MessageStatus=sent&MessageSid=SM1&ApiVersion=2010-04-01",
  }),
  ...one("vonage", of("vonage", "failed", "6", "2024-01-01T12:00:00Z"), {
    "the SMS API": json({
      ...{ msisdn: "447700900000", messageId: "0A", status: "failed", "err-code": "6", scts: "2401011200" },
      "message-timestamp": "2024-01-01 12:00:00",
    }),
  }),
  ...one("vonage", inSegments(2, of("vonage", "failed", "Undeliverable", "2026-01-01T14:00:01Z")), {
    "the Messages API": json({
      ...{ message_uuid: "u", timestamp: "2026-01-01T14:00:01.000Z", type: "message.undeliverable" },
      to: { type: "sms", number: "447700900000" },
      sms: { count_total: "2" },
      error: { type: "https://example.invalid", title: "Undeliverable" },
    }),
  }),
  {
    name: "reports in results",
    format: "infobip",
    value: json({
      results: [
        {
          smsCount: 4,
          ...{ messageId: "m", to: "447700900000", sentAt: "2019-11-09T16:00:00.000+0000" },
          ...{
            doneAt: "2019-11-09T16:00:05.000+0000",
            status: { groupId: 3, groupName: "DELIVERED", id: 5 },
          },
          error: { groupId: 0, id: 0, name: "NO_ERROR" },
        },
        {
          ...{ messageId: "n", status: { groupId: 2, groupName: "UNDELIVERABLE", id: 9 } },
          error: { groupId: 1, id: 27, name: "EC_ABSENT_SUBSCRIBER" },
        },
      ],
    }),
    receipts: [
      inSegments(
        4,
        of(
          ...(["infobip", "delivered", "5", "2019-11-09T16:00:05Z"] as const),
          ...(["2019-11-09T16:00:00Z", "sms_status"] as const),
        ),
      ),
      inSegments(0, of("infobip", "failed", "27")),
    ],
  },
  ...one("sinch", inSegments(0, of("sinch", "failed", "11", "2016-12-05T16:24:00Z")), {
    "a recipient's report": json({
      ...{
        type: "recipient_delivery_report_sms",
        batch_id: "b",
        recipient: "447700900000",
        code: 11,
        status: "Failed",
      },
      ...{ at: "2016-12-05T16:24:23.318Z", operator_status_at: "2016-12-05T16:24:00.000Z" },
    }),
  }),
  {
    name: "a batch's report, which counts its messages",
    format: "sinch",
    value: json({
      ...{ type: "delivery_report_sms", batch_id: "b", total_message_count: 3 },
      statuses: [
        { code: 0, status: "Delivered", count: 2, recipients: ["1", "2"] },
        { code: 11, status: "Failed", count: 1, recipients: ["3"] },
      ],
    }),
    receipts: [
      of("sinch", "delivered", "Delivered"),
      of("sinch", "delivered", "Delivered"),
      of("sinch", "failed", "11"),
    ],
  },
  ...one("bird", inSegments(2, of("bird", "failed", "delivery_failed", "2026-01-01T00:00:00Z")), {
    "a query":
      "id=1&reference=r&recipient=447700900000&status=delivery_failed&messagePartCount=2&statusDatetime=2026-01-01T00%3A00%3A00%2B00%3A00",
  }),
  ...one("bird", of("bird", "failed", "1", "2024-01-01T00:00:00Z"), {
    "an event of the Channels API": json({
      ...{ service: "channels", event: "sms.outbound" },
      payload: {
        ...{ id: "x", status: "delivery_failed", lastStatusAt: "2024-01-01T00:00:00Z" },
        receiver: { contacts: [{ identifierKey: "phonenumber", identifierValue: "+447700900000" }] },
        failure: { code: 1, source: { code: "1", name: "UNKNOWN_SUBSCRIBER" } },
      },
    }),
  }),
  ...one("plivo", inSegments(1, of("plivo", "failed", "30")), {
    "a form": "MessageUUID=u&From=1415&To=14150000000&Status=undelivered&ErrorCode=30&Units=1",
  }),
  ...one(
    "aws",
    inSegments(
      1,
      of(
        "aws",
        "failed",
        "Phone is currently unreachable/unavailable",
        undefined,
        "2016-06-28T00:40:34.558Z",
      ),
    ),
    {
      "the log of an SNS delivery": json({
        notification: { messageId: "m", timestamp: "2016-06-28 00:40:34.558" },
        delivery: {
          destination: "+14150000000",
          numberOfMessageParts: 1,
          providerResponse: "Phone is currently unreachable/unavailable",
        },
        status: "FAILURE",
      }),
    },
  ),
  ...one("aws", inSegments(3, of("aws", "failed", "CARRIER_BLOCKED", "2026-01-01T00:00:00Z")), {
    "an event of End User Messaging": json({
      ...{
        eventType: "TEXT_CARRIER_BLOCKED",
        eventTimestamp: 1767225600000,
        isFinal: true,
        totalMessageParts: 3,
      },
      ...{ messageStatus: "CARRIER_BLOCKED", destinationPhoneNumber: "+14150000000" },
    }),
  }),
  ...one("eightbyeight", of("eightbyeight", "failed", "13", "2026-01-01T00:00:00Z"), {
    "a callback": json({
      ...{ namespace: "SMS", eventType: "outbound_message_status_changed" },
      payload: {
        ...{ umid: "u", destination: "+447700900000" },
        status: { state: "undelivered", errorCode: 13, timestamp: "2026-01-01T00:00:00Z" },
      },
    }),
  }),
  ...one("oneapi", of("oneapi", "failed", "DeliveryImpossible"), {
    "a notification": json({
      deliveryInfoNotification: {
        callbackData: "x",
        deliveryInfo: { address: "tel:+22500000000", deliveryStatus: "DeliveryImpossible" },
      },
    }),
  }),
  ...one(
    "smpp",
    {
      ...of("smpp", "delivered", "DELIVRD", "2026-01-30T14:30:05+08:00", "2026-01-30T14:30:00+08:00"),
      provider: undefined,
    },
    {
      "a gateway's form":
        "message_id=1&status=DELIVRD&phone=13900000000&submit_time=2026-01-30 14:30:00&done_time=2026-01-30 14:30:05",
    },
  ),
];

/** Receipts of the other providers, in the shapes that their public documentation has. All numbers are invented. */
export const providerSamples: readonly Sample[] = [...china, ...world, ...tencentVoice];
