/* Reads one case (or the case of an alert) with the reader's own key and shows it; every text from the web is set as text. */

const words = {
  en: {
    key: "API key",
    enter: "Open",
    hint: "The key stays in this tab and is forgotten when it is closed.",
    forget: "Forget the key",
    loading: "Loading…",
    wrongKey: "The key is not valid. Enter another one.",
    forbidden: "This key may not read the case.",
    missing: "There is no such case, or this key may not see it.",
    failed: "Molva does not answer now. Try again in a minute.",
    noCase: "This alert has no case.",
    brand: "Brand",
    source: "Source",
    author: "Author",
    status: "Status",
    priority: "Priority",
    due: "Answer by",
    overdue: "overdue",
    published: "Published",
    rating: "Rating",
    outcome: "Outcome",
    open: "Open where it was said",
    answer: "The answer",
    why: "Why this priority",
    history: "History",
    fired: "Fired",
    reason: "Reason",
  },
  ru: {
    key: "Ключ API",
    enter: "Открыть",
    hint: "Ключ хранится только в этой вкладке и забывается, когда её закрывают.",
    forget: "Забыть ключ",
    loading: "Загружаем…",
    wrongKey: "Ключ не подходит. Введите другой.",
    forbidden: "У этого ключа нет прав на чтение обращения.",
    missing: "Такого обращения нет, или этому ключу оно не видно.",
    failed: "Molva сейчас не отвечает. Попробуйте через минуту.",
    noCase: "К этому оповещению не относится ни одно обращение.",
    brand: "Бренд",
    source: "Источник",
    author: "Автор",
    status: "Состояние",
    priority: "Приоритет",
    due: "Ответить до",
    overdue: "просрочено",
    published: "Опубликовано",
    rating: "Оценка",
    outcome: "Итог",
    open: "Открыть на площадке",
    answer: "Ответ",
    why: "Из чего сложился приоритет",
    history: "История",
    fired: "Сработало",
    reason: "Причина",
  },
};

/** Words of the API that people read; English ones are read as they are. */
const terms = {
  en: {},
  ru: {
    open: "открыто",
    claimed: "в работе",
    snoozed: "отложено",
    "awaiting-approval": "ждёт согласования",
    "awaiting-publication": "ждёт публикации",
    "awaiting-author": "ждёт автора",
    ended: "закрыто",
    opened: "открыто",
    released: "возвращено в очередь",
    expired: "срок работы истёк",
    noted: "добавлена заметка",
    reopened: "открыто снова",
    answered: "получен ответ",
    "answered-elsewhere": "ответили в другом месте",
    "author-updated": "автор изменил отзыв",
    removed: "удалено на площадке",
    "no-reply-needed": "ответ не нужен",
    "not-about-brand": "не о бренде",
    spam: "спам",
  },
};

const language = navigator.language.toLowerCase().startsWith("ru") ? "ru" : "en";
const say = words[language];
const term = word => terms[language][word] ?? word;
const at = id => document.getElementById(id);
const storedKey = "molva-key";

class Refused extends Error {
  constructor(status) {
    super(String(status));
    this.status = status;
  }
}

async function read(path) {
  const response = await fetch(path, {
    headers: { authorization: `Bearer ${sessionStorage.getItem(storedKey)}`, accept: "application/json" },
    cache: "no-store",
    credentials: "omit",
  });
  if (!response.ok) throw new Refused(response.status);
  return response.json();
}

/** What cannot be read by this key is left out; the case itself is shown all the same. */
const readOrNull = path => read(path).catch(() => null);

const element = (tag, text, className) => {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = String(text);
  if (className) made.className = className;
  return made;
};

/** A link only to the web; anything else (`javascript:`) is shown as text. */
function link(address, text) {
  if (typeof address !== "string" || !/^https?:\/\//i.test(address)) return element("span", address ?? "");
  const made = element("a", text ?? address);
  made.href = address;
  made.rel = "noopener noreferrer nofollow";
  made.target = "_blank";
  return made;
}

const time = text =>
  text
    ? new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text))
    : null;

function facts(rows) {
  const list = element("dl");
  for (const [name, value, className] of rows) {
    if (value === null || value === undefined || value === "") continue;
    list.append(element("dt", name), element("dd", value, className));
  }
  return list;
}

function section(title, tag, items) {
  if (items.length === 0) return [];
  const list = element(tag);
  for (const item of items) list.append(item);
  return [element("h2", title), list];
}

const factor = ({ factor, points, why }) =>
  element("li", `${points > 0 ? "+" : ""}${points} ${why ?? factor}`);

const step = names => entry =>
  element("li", [time(entry.at), term(entry.kind), names.get(entry.personId)].filter(Boolean).join(" · "));

function dueText(item) {
  const stands = item.sla?.state === "standing";
  const late = item.status !== "ended" && !stands && new Date(item.dueAt) < new Date();
  return [say.due, `${time(item.dueAt)}${late ? ` — ${say.overdue}` : ""}`, late ? "bad" : ""];
}

function quoteOf(mention) {
  const quote = element("blockquote", mention.text ?? "");
  if (mention.language) quote.lang = mention.language;
  return quote;
}

/** The page's texts in their order; an absent one leaves no gap. */
function caseView(item, brand, source, people) {
  const mention = item.mention ?? {};
  const names = new Map((people?.items ?? []).map(person => [person.id, person.name]));
  return [
    element("h1", mention.title || brand?.name || "Molva"),
    facts(factRows(item, mention, brand, source)),
    ...mentionView(mention),
    ...answerView(mention.answer?.text, item.answerUrl ?? mention.answer?.url),
    ...section(say.why, "ul", (item.priorityFactors ?? []).map(factor)),
    ...section(say.history, "ol", (item.history ?? []).map(step(names))),
  ];
}

const factRows = (item, mention, brand, source) => [
  [say.brand, brand?.name ?? item.brandId],
  [say.source, source?.title ?? mention.sourceKind],
  [say.author, mention.author?.name],
  [say.rating, mention.rating && `${mention.rating.value} / ${mention.rating.scale}`],
  [say.published, time(mention.publishedAt)],
  [say.status, term(item.status)],
  [say.outcome, item.outcome && term(item.outcome)],
  [say.priority, item.priority],
  dueText(item),
];

function answerView(text, address) {
  if (!text && !address) return [];
  return [
    element("h2", say.answer),
    ...(text ? [element("blockquote", text)] : []),
    ...(address ? [link(address)] : []),
  ];
}

async function showCase(id) {
  const item = await read(`/v1/queue/${id}`);
  const sourceId = item.mention?.sourceId;
  const [brand, source, people] = await Promise.all([
    readOrNull(`/v1/brands/${item.brandId}`),
    sourceId ? readOrNull(`/v1/sources/${sourceId}`) : null,
    readOrNull("/v1/people?limit=500"),
  ]);
  return caseView(item, brand, source, people);
}

async function showAlert(id) {
  const alert = await read(`/v1/alerts/${id}`);
  if (alert.caseId) return showCase(alert.caseId);
  const told = alert.reason?.mentionIds ?? (alert.mentionId ? [alert.mentionId] : []);
  const [rule, brand, source, ...mentions] = await Promise.all([
    readOrNull(`/v1/alert-rules/${alert.ruleId}`),
    readOrNull(`/v1/brands/${alert.brandId}`),
    alert.sourceId ? readOrNull(`/v1/sources/${alert.sourceId}`) : null,
    ...told.map(mentionId => readOrNull(`/v1/mentions/${mentionId}`)),
  ]);
  return [
    element("h1", rule?.name ?? alert.kind),
    facts([
      [say.brand, brand?.name ?? alert.brandId],
      [say.source, source?.title],
      [say.fired, time(alert.firedAt)],
      [say.reason, alert.why],
    ]),
    ...mentions.filter(mention => mention?.text).flatMap(mentionView),
    element("p", say.noCase, "quiet"),
  ];
}

const mentionView = mention => [quoteOf(mention), ...(mention.url ? [link(mention.url, say.open)] : [])];

const refusals = { 400: say.missing, 401: say.wrongKey, 403: say.forbidden, 404: say.missing };

async function open() {
  const [, what, id] = location.pathname.split("/");
  const hasKey = sessionStorage.getItem(storedKey) !== null;
  at("login").hidden = hasKey;
  at("forget").hidden = !hasKey;
  at("case").hidden = true;
  if (!hasKey) return at("key").focus();
  at("message").textContent = say.loading;
  try {
    const parts = await (what === "alerts" ? showAlert : showCase)(encodeURIComponent(id));
    at("case").replaceChildren(...parts);
    at("case").hidden = false;
    at("message").textContent = "";
  } catch (error) {
    const wrongKey = error.status === 401;
    if (wrongKey) sessionStorage.removeItem(storedKey);
    at("login").hidden = !wrongKey;
    at("forget").hidden = wrongKey;
    at("message").textContent = refusals[error.status] ?? say.failed;
  }
}

document.documentElement.lang = language;
document.querySelector("label").textContent = say.key;
document.querySelector("#login button").textContent = say.enter;
at("hint").textContent = say.hint;
at("forget").textContent = say.forget;
at("forget").addEventListener("click", () => {
  sessionStorage.removeItem(storedKey);
  at("message").textContent = "";
  void open();
});
at("login").addEventListener("submit", event => {
  event.preventDefault();
  sessionStorage.setItem(storedKey, at("key").value.trim());
  at("key").value = "";
  void open();
});
void open();
