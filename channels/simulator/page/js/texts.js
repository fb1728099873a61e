// The words of the page, in the language it was served in; suggestions come in both.

export const LANGUAGES = ["es", "en"];
export const language = document.documentElement.lang;

const all = {};

export async function loadTexts() {
  await Promise.all(
    LANGUAGES.map(async (one) => {
      all[one] = await (await fetch(`/simulator/texts/${one}`)).json();
    }),
  );
}

/** Return the text with this name, its {placeholders} filled. */
export function t(name, values = {}) {
  const text = name.split(".").reduce((part, key) => part?.[key], all[language]);
  return String(text ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** Return language -> what to try on a phone, the page's own language first. */
export function suggestions(channel) {
  const order = [language, ...LANGUAGES.filter((one) => one !== language)];
  return order.map((one) => [one, all[one].suggestions[channel]]);
}

const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false });

/** Return a phone number in groups: +504 0123-4567, +1 202-555-0151. */
export function spaced(number) {
  return number.replace(/^(\+504)(\d{4})(\d{4})$/, "$1 $2-$3").replace(/^(\+1)(\d{3})(\d{3})(\d{4})$/, "$1 $2-$3-$4");
}

const names = new Intl.DisplayNames([language], { type: "language" });

export function languageName(code) {
  try {
    return names.of(code.replace("_", "-"));
  } catch {
    return code;
  }
}

export function time(seconds) {
  return clock.format(new Date(seconds * 1000));
}
