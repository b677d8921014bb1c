import { carriers } from "./samples/carriers.ts";
import { providerSamples } from "./samples/providers.ts";
import { pushSmsSamples } from "./samples/push-sms.ts";
import type { Sample } from "./samples/sample.ts";
import { tmcSmsSamples } from "./samples/tmc-sms.ts";
import { topResponseSamples } from "./samples/top-response.ts";
import { voiceSamples } from "./samples/voice.ts";

export { malformedSamples } from "./samples/malformed.ts";

/** Every shape of record that has to be read. */
export const samples: readonly Sample[] = [
  ...tmcSmsSamples,
  ...pushSmsSamples,
  ...voiceSamples,
  ...topResponseSamples,
  ...providerSamples,
  ...carriers,
];
