/** What is inside of kafkajs has no types of its own: where a part is imported, its use says what it is. */
declare module "kafkajs/src/*" {
  const part: unknown;
  export = part;
}
