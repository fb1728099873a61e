// Reads a JSON list of texts from standard input and writes what Twilio's calculator says of each.
const { SegmentedMessage } = require("sms-segments-calculator");

const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
const sizes = texts.map((text) => {
  const message = new SegmentedMessage(text);
  return [message.getEncodingName(), message.segmentsCount];
});
process.stdout.write(JSON.stringify(sizes));
