// What the page says to the simulator, and hears from it.

const KEY = "faro-person";

/** Return this tab's person: a random id, the same until somebody asks for a new one. */
export function person() {
  return sessionStorage.getItem(KEY) || newPerson();
}

export function newPerson() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  const id = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  sessionStorage.setItem(KEY, id);
  return id;
}

/** Send something from a phone; return whether the simulator took it. */
export async function send(channel, what) {
  try {
    const answer = await fetch(`/simulator/phones/${channel}/${person()}/send`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ language: document.documentElement.lang, ...what }),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

export async function commands(language) {
  const answer = await fetch(`/simulator/commands/${language}`);
  return answer.ok ? answer.json() : [];
}

/** Hear everything that happens on this person's phones; return a function that stops it. */
export function listen({ heard, away }) {
  const source = new EventSource(`/simulator/phones/${person()}/events`);
  let missing = 0;
  source.onmessage = (event) => heard(JSON.parse(event.data));
  source.onopen = () => {
    clearTimeout(missing);
    away(false);
  };
  source.onerror = () => {
    // A stream that ends now and then comes back by itself; only a real absence is worth a word.
    clearTimeout(missing);
    missing = setTimeout(() => away(true), 2500);
  };
  return () => {
    clearTimeout(missing);
    source.close();
  };
}
