// The staff's fold-out: what the assistant made of the question that a message answers.

import { icon, make } from "./dom.js";
import { languageName, t } from "./texts.js";

/** Return the "i" button; `toggled` is called when it is pressed. */
export function infoButton(open, toggled) {
  const button = make("button", { class: "info", type: "button", "aria-label": t("staff.button"), "aria-expanded": String(open) }, icon("info"));
  button.addEventListener("click", toggled);
  return button;
}

/** Return the fold-out for one of our messages; `asked` is the person's message, if there is one. */
export function panel(message, asked) {
  const box = make("div", { class: "staff", "aria-live": "off" }, make("h3", {}, t("staff.title")));
  if (!asked) box.append(make("p", {}, t("staff.unasked")));
  else if (!asked.details) box.append(make("p", {}, recent(asked) ? t("staff.waiting") : t("staff.none")));
  const list = make("dl");
  for (const [name, value] of rows(asked?.details || {}, asked?.webhook, message)) {
    list.append(make("dt", {}, name), make("dd", {}, ...[value].flat()));
  }
  box.append(list);
  return box;
}

function recent(asked) {
  return Date.now() / 1000 - asked.at < 15;
}

function rows(details, webhook, message) {
  const found = [];
  const add = (name, value, shown) => {
    if (value !== undefined && value !== null && value !== "" && value !== false) found.push([name, shown]);
  };
  add(t("staff.crisis"), details.crisis, chip(String(details.crisis === true ? t("staff.crisis") : details.crisis), "crisis"));
  add(t("staff.label"), details.label, make("code", {}, ...breakable(details.label || "")));
  add(t("staff.confidence"), details.label && details.confidence, percent(details.confidence));
  const others = (details.top || []).filter(([label, value]) => label !== details.label && value >= 0.005);
  add(t("staff.top"), others.length || null, others.slice(0, 4).map(share));
  add(t("staff.language"), details.language, languageName(details.language || ""));
  const facts = Object.entries(details.facts || {});
  add(t("staff.facts"), facts.length || null, byStatus(facts));
  add(t("staff.release"), details.release, `#${details.release}`);
  add(t("staff.ms"), details.ms, `${Math.round(details.ms)} ms`);
  if (webhook) {
    add(t("staff.webhook"), "there", `${webhook.status} · ${webhook.ms} ms · ${t("staff.tries", { count: webhook.tries })}`);
  }
  add(t("staff.provider"), message.id, message.id);
  return found;
}

function percent(value) {
  return `${Math.round(value * 100)} %`;
}

function share([label, value]) {
  const meter = make("meter", { min: 0, max: 1, value, "aria-label": label });
  return make("div", { class: "share" }, make("b", {}, ...breakable(label)), make("span", {}, percent(value)), meter);
}

/** Facts are {id: status} or {id: {status, date}}; what needs attention comes first. */
function byStatus(facts) {
  const names = { withdrawn: t("staff.withdrawn"), unverified: t("staff.unverified"), check: t("staff.check"), current: t("staff.current") };
  const read = facts.map(([id, what]) => ({ id, ...(typeof what === "string" ? { status: what } : what) }));
  const known = Object.keys(names);
  const groups = [...known, ...new Set(read.map((one) => one.status).filter((status) => !known.includes(status)))];
  return groups.flatMap((status) => {
    const these = read.filter((one) => one.status === status);
    const lines = these.map(({ id, date }) => make("li", {}, ...breakable(id), date ? make("span", { class: "date" }, ` · ${date}`) : ""));
    return these.length ? [make("div", { class: "facts" }, chip(names[status] || String(status), status), make("ul", {}, ...lines))] : [];
  });
}

/** Let a long name break after its dots and underscores, and nowhere else. */
function breakable(name) {
  return name.split(/(?<=[._])/).flatMap((part) => [part, make("wbr")]);
}

function chip(text, kind = "") {
  return make("span", { class: `mark-chip ${kind}` }, text);
}
