// Search in the sections of all pages, as written: Chinese needs no splitting into words, and nothing leaves this page.
"use strict";
(() => {
  const box = document.getElementById("found");
  const field = document.querySelector("header input[type=search]");
  const list = box.querySelector("ol");
  const status = box.querySelector("[role=status]");
  const { lang, root } = box.dataset;
  const MOST = 60;
  const HAN = /\p{Script=Han}/u;
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const places = PLACES.map(([serves, address, title, head, text]) => ({
    own: serves === lang || serves === "both", address, title, head, text,
    titled: plain(title), headed: plain(head), said: plain(text),
  }));

  // A Chinese term is found anywhere, another one where a word begins, a plural also where the singular stands.
  const stem = (term) => escaped(term.length > 3 ? term.replace(/(?<!s)s$/, "") : term);
  const pattern = (term) => new RegExp(HAN.test(term) ? escaped(term) : `(?<![\\p{L}\\p{N}])${stem(term)}`, "gu");
  const count = (text, wanted) => (text.match(wanted) || []).length;

  function search(terms) {
    const wanted = terms.map(pattern);
    const found = [];
    for (const place of places) {
      let score = 0;
      for (const one of wanted) {
        const hits = Math.min(count(place.said, one), 5);
        const headed = count(place.headed, one) ? 30 : 0;
        const titled = count(place.titled, one) ? (place.address.includes("#") ? 25 : 45) : 0;
        // The title of the page alone answers at the head of the page, not in each of its sections.
        if (!hits && !headed && !(titled && !place.address.includes("#"))) { score = 0; break; }
        score += hits + headed + titled;
      }
      if (!score) continue;
      // A heading that is the very words asked for stands first, pages in the reader's language before the others.
      if (!wanted.reduce((rest, one) => rest.replace(one, ""), place.headed).trim()) score += 60;
      found.push({ place, score: score + (place.own ? 1000 : 0) });
    }
    return found.sort((a, b) => b.score - a.score);
  }

  // Where nothing has the words as typed: English words without their ending, Chinese ones by pairs of characters.
  const loosened = (terms) => terms.flatMap((term) => {
    if (!HAN.test(term)) return [term.length > 4 ? term.replace(/(?:ies|es|s|ed|ing|y)$/, "") : term];
    const signs = [...term];
    const pairs = [];
    for (let k = 0; k < signs.length; k += 2) pairs.push(signs.slice(Math.min(k, signs.length - 2), k + 2).join(""));
    return signs.length < 3 ? [term] : pairs;
  });

  function excerpt(place, terms) {
    const first = terms.map((term) => place.said.search(pattern(term))).filter((at) => at >= 0).sort((a, b) => a - b)[0];
    // NFKC may move positions a little: near is near enough for an excerpt.
    let from = Math.max(0, (first || 0) - (HAN.test(place.text) ? 25 : 60));
    if (from && !HAN.test(place.text)) from = place.text.indexOf(" ", from) + 1;
    const length = HAN.test(place.text) ? 110 : 220;
    const text = place.text.slice(from, from + length);
    return (from ? "…" : "") + text + (from + length < place.text.length ? "…" : "");
  }

  function marked(text, terms) {
    const out = document.createDocumentFragment();
    const any = new RegExp(`(${terms.map((term) => pattern(term).source).join("|")})`, "giu");
    let at = 0;
    for (const hit of text.matchAll(any)) {
      if (!hit[0]) continue;
      out.append(text.slice(at, hit.index), Object.assign(document.createElement("mark"), { textContent: hit[0] }));
      at = hit.index + hit[0].length;
    }
    out.append(text.slice(at));
    return out;
  }

  function line({ place }, terms) {
    const item = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: root + place.address });
    link.append(marked(place.head === place.title ? place.title : `${place.title} › ${place.head}`, terms));
    const words = document.createElement("p");
    words.append(marked(excerpt(place, terms), terms));
    item.append(link, words);
    if (!place.own) item.lang = lang === "zh" ? "en" : "zh-Hans";
    return item;
  }

  function show() {
    const typed = field.value.trim();
    list.replaceChildren();
    let terms = plain(typed).split(/[\s，。、；：]+/u).filter(Boolean);
    if (!terms.length) { status.textContent = box.dataset.type; return; }
    let found = search(terms);
    if (!found.length) { terms = loosened(terms); found = search(terms); }
    const words = found.length > MOST ? "most" : found.length === 1 ? "one" : found.length ? "found" : "none";
    status.textContent = box.dataset[words].replace("{n}", Math.min(found.length, MOST)).replace("{all}", found.length);
    let own = true;
    for (const one of found.slice(0, MOST)) {
      if (own && !one.place.own) {
        own = false;
        const head = Object.assign(document.createElement("li"), { className: "elsewhere", textContent: box.dataset.elsewhere });
        list.append(head);
      }
      list.append(line(one, terms));
    }
  }

  field.value = new URLSearchParams(location.search).get("q") || "";
  field.addEventListener("input", show);
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?q=${encodeURIComponent(field.value.trim())}`);
    show();
  });
  show();
  if (!field.value) field.focus();
})();
