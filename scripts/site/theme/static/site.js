// The list of pages is folded where it would stand in front of the text; there and on wide screens it opens at this page.
"use strict";
const pages = document.querySelector(".pages");
const wide = window.matchMedia("(min-width: 62rem)");
const fold = () => { pages.open = wide.matches; };
fold();
wide.addEventListener("change", fold);
const here = pages.querySelector("[aria-current]");
if (here && wide.matches) pages.scrollTop = Math.max(0, here.offsetTop - pages.clientHeight / 2);

// Which heading of the page is being read.
const heads = new Map();
for (const link of document.querySelectorAll(".within a[href^='#']")) {
  const id = decodeURIComponent(link.hash.slice(1));
  const place = id && document.getElementById(id);
  if (place) heads.set(place, link);
}
let queued = false;
const mark = () => {
  queued = false;
  let now = null;
  for (const place of heads.keys()) if (place.getBoundingClientRect().top < 130) now = place;
  for (const [place, link] of heads) link.classList.toggle("now", place === now);
};
if (heads.size) {
  addEventListener("scroll", () => { if (!queued) { queued = true; requestAnimationFrame(mark); } }, { passive: true });
  mark();
}

// What can be scrolled can be scrolled with the keyboard too; what is folded away shows its size when it unfolds.
const reach = () => {
  for (const box of document.querySelectorAll(".scroll, .shown, .shown *, .highlight pre")) {
    const more = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
    if (more && /auto|scroll/.test(getComputedStyle(box).overflow)) box.tabIndex = 0;
  }
};
reach();
document.addEventListener("toggle", reach, true);
