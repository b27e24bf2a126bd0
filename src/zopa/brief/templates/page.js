"use strict";
// The page reads and prints without this script; it draws the charts live, keeps the language in the address, and
// opens a claim beside the number that rests on it.
(() => {
  const root = document.documentElement;
  const { all, button, drawAll } = window.zopa;
  const radios = all('.switch input');
  const edition = (lang) => document.querySelector(`.edition.only-${lang}`);
  const chosen = () => radios.find((radio) => radio.checked).value;

  // -- language ----------------------------------------------------------------------------------------------------
  const shown = () => {
    const lang = chosen();
    root.lang = edition(lang).lang;
    document.title = edition(lang).dataset.title;
    drawAll(edition(lang));
  };
  const place = () => {
    // What stands at the top of the window, so that the other language opens at the same place.
    const here = all('section[id], .card[id]', edition(chosen())).filter((e) => e.getBoundingClientRect().top < 120);
    return here.length ? here[here.length - 1].id.slice(2) : '';
  };
  let at = '';
  all('.switch label').forEach((label) => label.addEventListener('pointerdown', () => { at = place(); }));
  radios.forEach((radio) => {
    radio.addEventListener('keydown', () => { at = place(); });
    radio.addEventListener('change', () => {
      shown();
      const target = at && document.getElementById(chosen() + at);
      if (target && window.scrollY > 200) target.scrollIntoView();
      history.replaceState(null, '', `#${chosen()}${at || '-top'}`);
    });
  });
  const follow = () => {
    const lang = location.hash.slice(1, 3);
    const radio = radios.find((r) => r.value === lang);
    if (radio && !radio.checked) {
      radio.checked = true;
      shown();
    }
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target) target.scrollIntoView();
  };
  window.addEventListener('hashchange', follow);

  window.zopa.dressAll(document);
  window.zopa.onNarrow(() => edition(chosen()));

  // -- claims ------------------------------------------------------------------------------------------------------
  const dialog = document.getElementById('card');
  const open = (ref) => {
    const card = document.getElementById(decodeURIComponent(ref.hash.slice(1)));
    if (!card) return false;
    const words = card.closest('.edition').dataset;
    const copy = card.cloneNode(true);
    copy.removeAttribute('id');
    all('.proof', copy).forEach((proof) => { proof.open = true; });
    const foot = document.createElement('p');
    foot.className = 'dialog-foot';
    const list = document.createElement('a');
    list.href = ref.hash;
    list.textContent = words.list;
    list.className = 'to-list';
    const close = button(words.close, () => dialog.close());
    close.autofocus = true;
    foot.append(list, close);
    dialog.lang = card.closest('.edition').lang;
    dialog.setAttribute('aria-label', card.querySelector('h3').textContent);
    dialog.replaceChildren(copy, foot);
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    return true;
  };
  document.addEventListener('click', (event) => {
    const ref = event.target.closest('a.ref');
    if (ref && !event.ctrlKey && !event.metaKey && !event.shiftKey && open(ref)) {
      event.preventDefault();
    } else if (event.target === dialog || event.target.closest('dialog a[href^="#"]')) {
      dialog.close();
    }
  });

  // -- paper -------------------------------------------------------------------------------------------------------
  let closed = [];
  window.addEventListener('beforeprint', () => {
    closed = all('.edition :is(.data, .reading):not([open])').filter((d) => d.offsetParent !== null);
    closed.forEach((d) => { d.open = true; d.classList.add('for-paper'); });
  });
  window.addEventListener('afterprint', () => closed.forEach((d) => { d.open = false; d.classList.remove('for-paper'); }));

  follow();
  shown();
})();
