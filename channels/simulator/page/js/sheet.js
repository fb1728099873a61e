// A sheet that rises from the foot of a phone: a WhatsApp list, what to attach, the bot's commands.

import { icon, make } from "./dom.js";
import { t } from "./texts.js";

/** Open a sheet on a phone's screen and return a function that closes it. */
export function openSheet(screen, title, content, opener) {
  const sheet = screen.querySelector(".sheet");
  const shade = screen.querySelector(".shade");
  const behind = [...screen.children].filter((child) => child !== sheet && child !== shade);
  const close = () => {
    if (sheet.hidden) return;
    sheet.hidden = shade.hidden = true;
    for (const child of behind) child.inert = false;
    sheet.removeEventListener("keydown", keyed);
    shade.removeEventListener("click", close);
    opener?.setAttribute("aria-expanded", "false");
    (opener?.isConnected ? opener : screen.querySelector("textarea")).focus({ preventScroll: true });
  };
  const keyed = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  };
  const shut = make("button", { class: "round", type: "button", "aria-label": t("compose.close") }, icon("close"));
  shut.addEventListener("click", close);
  const heading = make("h3", { id: `sheet-${screen.dataset.channel}` }, title, shut);
  sheet.replaceChildren(heading, ...content(close));
  sheet.setAttribute("aria-labelledby", heading.id);
  sheet.hidden = shade.hidden = false;
  for (const child of behind) child.inert = true; // Tab stays inside while it is open
  sheet.addEventListener("keydown", keyed);
  shade.addEventListener("click", close);
  opener?.setAttribute("aria-expanded", "true");
  (sheet.querySelector(".scroll input, .scroll button") || shut).focus({ preventScroll: true });
  return close;
}

/** Return the content of a list to choose from: one is picked, then sent. */
export function listContent(menu, chosen) {
  return (close) => {
    const go = make("button", { class: "go", type: "button", disabled: true }, t("message.list_send"));
    const box = make("div", { class: "scroll", role: "radiogroup" });
    let picked = null;
    const name = `list-${Math.random().toString(36).slice(2)}`;
    for (const item of menu.items) {
      const input = make("input", { type: "radio", name });
      input.addEventListener("change", () => {
        picked = item;
        go.disabled = false;
      });
      input.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && picked) go.click();
      });
      const title = make("span", {}, item.title, item.description ? make("small", {}, item.description) : null);
      box.append(make("label", { class: "pick" }, title, input));
    }
    go.addEventListener("click", () => {
      close();
      chosen(picked);
    });
    return [box, go];
  };
}

/** Return a content of rows to press: [{icon, title, about, act}]. */
export function toolsContent(tools, empty = "") {
  return (close) => {
    const box = make("div", { class: "scroll" });
    for (const tool of tools) {
      const left = tool.icon ? make("i", {}, icon(tool.icon)) : null;
      const row = make("button", { class: `tool ${tool.about ? "command" : ""}`, type: "button" }, left, tool.about ? make("b", {}, tool.title) : tool.title, tool.about ? make("span", {}, tool.about) : null);
      row.addEventListener("click", () => {
        close();
        tool.act();
      });
      box.append(row);
    }
    if (!tools.length) box.append(make("p", {}, empty));
    return [box];
  };
}
