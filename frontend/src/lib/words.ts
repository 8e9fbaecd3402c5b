/** The few sentences that scripts say, in the page's language: written by the server, those of
    one page alone (`data-words`) beside those of all. */
type Words = Record<string, string>;

let words: Words | null = null;

function load(): Words {
  const sources = document.querySelectorAll("#words, script[data-words]");
  const found = [...sources].map((one) => JSON.parse(one.textContent || "{}") as Words);
  return Object.assign({}, ...found) as Words;
}

/** The sentence `key` with `{name}` places filled; the key itself where none is given. */
export function say(key: string, values: Record<string, string | number> = {}): string {
  words ??= load();
  const sentence = words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
