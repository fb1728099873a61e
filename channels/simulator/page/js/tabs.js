// On a narrow screen one phone at a time, chosen by tabs; on a wide one all three.

import { make, unseen } from "./dom.js";
import { t } from "./texts.js";

const NARROW = "(max-width: 1020px)";

export class Tabs {
  constructor(phones) {
    this.phones = phones;
    this.list = document.querySelector(".tabs");
    this.tabs = phones.map((phone) => this.#tab(phone));
    this.list.replaceChildren(...this.tabs);
    this.narrow = matchMedia(NARROW);
    this.narrow.addEventListener("change", () => this.#arrange());
    this.choose(0);
    this.#arrange();
  }

  choose(number) {
    this.chosen = number;
    this.tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === number));
      tab.tabIndex = index === number ? 0 : -1;
      this.phones[index].root.classList.toggle("chosen", index === number);
    });
    this.tabs[number].querySelector(".unread")?.remove();
    const { log } = this.phones[number];
    log.scrollTop = log.scrollHeight;
  }

  /** Mark the tab of a phone that nobody sees and on which something new stands. */
  mark(phone) {
    const number = this.phones.indexOf(phone);
    if (!this.narrow.matches || number === this.chosen) return;
    if (this.tabs[number].querySelector(".unread")) return;
    this.tabs[number].append(make("span", { class: "unread" }, unseen(t("phones.new_messages"))));
  }

  #tab(phone) {
    const tab = make("button", { type: "button", role: "tab", id: `tab-${phone.channel}`, "aria-controls": phone.root.id }, t(`phones.${phone.channel}`));
    tab.addEventListener("click", () => this.choose(this.phones.indexOf(phone)));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      this.choose((this.chosen + step + this.phones.length) % this.phones.length);
      this.tabs[this.chosen].focus();
    });
    return tab;
  }

  #arrange() {
    const narrow = this.narrow.matches;
    this.list.hidden = !narrow;
    this.phones.forEach(({ root, channel }) => {
      if (narrow) root.setAttribute("role", "tabpanel");
      else root.removeAttribute("role");
      root.setAttribute("aria-labelledby", narrow ? `tab-${channel}` : `name-${channel}`);
      root.querySelector("h2").id = `name-${channel}`;
    });
  }
}
