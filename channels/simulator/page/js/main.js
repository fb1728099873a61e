// The page: three phones of one person who does not exist.

import { listen, newPerson } from "./network.js";
import { Phone } from "./phone.js";
import { Tabs } from "./tabs.js";
import { language, loadTexts, spaced, t } from "./texts.js";

const CHANNELS = ["whatsapp", "sms", "telegram"];

await loadTexts();
const phones = Object.fromEntries(CHANNELS.map((channel) => [channel, new Phone(channel)]));
document.getElementById("phones").append(...CHANNELS.map((channel) => phones[channel].root));
const tabs = new Tabs(CHANNELS.map((channel) => phones[channel]));

function heard(event) {
  if (event.type === "hello") {
    const who = spaced(event.person.phone);
    const shown = document.getElementById("who");
    for (const channel of CHANNELS) phones[channel].begin(event.phones[channel], shown.textContent !== who);
    shown.textContent = who;
    const real = CHANNELS.some((channel) => event.phones[channel].state === "real");
    document.getElementById("simulation").textContent = real ? t("header.partly") : t("header.simulation");
    document.documentElement.dataset.ready = "yes";
    return;
  }
  const phone = phones[event.channel];
  if (event.type === "typing") phone.typing(event.seconds);
  else if (event.type === "message" && phone.show(event.message)) tabs.mark(phone);
}

function away(gone) {
  document.getElementById("away").hidden = !gone;
}

let stop = listen({ heard, away });
document.getElementById("again").addEventListener("click", () => {
  stop();
  newPerson();
  stop = listen({ heard, away });
});
for (const link of document.querySelectorAll(".languages a")) {
  if (link.lang === language) link.setAttribute("aria-current", "true");
}
