"use strict";
// Every page reads without this script. It draws the charts live, opens a claim beside the number that rests on it, and
// turns the day back with a slider.
(() => {
  const { all, button, drawAll, dressAll, onNarrow } = window.zopa;
  const alive = (where) => { drawAll(where); dressAll(where); };
  alive(document);
  onNarrow(() => document);
  document.addEventListener('htmx:after:swap', () => alive(document));
  document.addEventListener('htmx:afterSwap', () => alive(document));

  // -- a claim beside its number -----------------------------------------------------------------------------------
  const dialog = document.getElementById('card');
  const words = document.body.dataset;
  const open = async (href) => {
    const address = new URL(href, location.href);
    address.searchParams.set('alone', '1');
    const answer = await fetch(address, { headers: { 'X-Zopa-Token': words.token } });
    if (!answer.ok) {
      location.href = href;
      return;
    }
    const made = document.createElement('template');
    made.innerHTML = await answer.text();
    all('.proof', made.content).forEach((proof) => { proof.open = true; });
    const foot = document.createElement('p');
    foot.className = 'dialog-foot';
    const own = document.createElement('a');
    own.href = href;
    own.textContent = words.own;
    const close = button(words.close, () => dialog.close());
    close.autofocus = true;
    foot.append(own, close);
    dialog.replaceChildren(made.content, foot);
    const head = dialog.querySelector('h3');
    if (head) dialog.setAttribute('aria-label', head.textContent);
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
  };
  document.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
    const ref = event.target.closest('a.ref, a.span');
    if (ref && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      open(ref.href);
    }
  });

  // -- a claim and its place light up together ---------------------------------------------------------------------
  const light = (name, on) => all('.document .span').forEach((span) => {
    if (span.dataset.claims.split(' ').includes(name)) span.classList.toggle('lit', on);
  });
  all('.line').forEach((line) => {
    line.addEventListener('pointerenter', () => light(line.dataset.claim, true));
    line.addEventListener('pointerleave', () => light(line.dataset.claim, false));
  });

  // -- a claim's ends, by keyboard ---------------------------------------------------------------------------------
  all('input[name="ranges"][data-text]').forEach((input) => {
    const text = [...input.dataset.text];
    const from = Number(input.dataset.from);
    const form = input.closest('form');
    const preview = form.querySelector('.preview');
    const read = () => [...input.value.matchAll(/(\d+)-(\d+)/g)].map((m) => [Number(m[1]), Number(m[2])]);
    const show = () => { preview.textContent = read().map(([a, b]) => text.slice(a - from, b - from).join('')).join(' … '); };
    form.querySelector('.ends').hidden = false;
    all('[data-end]', form).forEach((b) => b.addEventListener('click', () => {
      const spans = read();
      if (!spans.length) return;
      const last = spans.length - 1;
      if (b.dataset.end === 'start') spans[0][0] = Math.min(Math.max(from, spans[0][0] + Number(b.dataset.by)), spans[0][1] - 1);
      else spans[last][1] = Math.max(Math.min(from + text.length, spans[last][1] + Number(b.dataset.by)), spans[last][0] + 1);
      input.value = spans.map((s) => s.join('-')).join(' ');
      show();
    }));
    input.addEventListener('input', show);
    show();
  });

  // -- a claim by selection ----------------------------------------------------------------------------------------
  const document_ = document.querySelector('.document');
  const add = document.querySelector('form.add');
  if (document_ && add) {
    document.addEventListener('selectionchange', () => {
      const chosen = document.getSelection();
      if (!chosen.rangeCount || chosen.isCollapsed || !document_.contains(chosen.getRangeAt(0).commonAncestorContainer)) return;
      const range = chosen.getRangeAt(0);
      const before = document.createRange();
      before.setStart(document_, 0);
      before.setEnd(range.startContainer, range.startOffset);
      add.elements.words.value = range.toString();
      add.elements.near.value = [...before.toString()].length;
    });
  }

  // -- files dropped on the page -----------------------------------------------------------------------------------
  const drop = document.querySelector('form.drop');
  if (drop) {
    const over = (event, on) => { event.preventDefault(); drop.classList.toggle('over', on); };
    drop.addEventListener('dragover', (event) => over(event, true));
    drop.addEventListener('dragleave', (event) => over(event, false));
    drop.addEventListener('drop', (event) => {
      over(event, false);
      drop.elements.files.files = event.dataTransfer.files;
    });
  }

  // -- estimates as sliders ----------------------------------------------------------------------------------------
  all('.sliders').forEach((sliders) => {
    const [low, high] = all('input', sliders);
    const text = sliders.closest('form').elements.value;
    const digits = (n) => String(Number(n.toPrecision(3)));
    sliders.hidden = false;
    const write = (moved) => {
      if (low.valueAsNumber > high.valueAsNumber) (moved === low ? high : low).value = moved.value;
      const [a, b] = [digits(low.valueAsNumber), digits(high.valueAsNumber)];
      text.value = a === b ? a : `${a} to ${b}`;
    };
    // Where the answer follows at once, its ends start from what is written.
    const ends = sliders.dataset.live && text.value.match(/^([-+\d.eE]+)(?: to ([-+\d.eE]+))?$/);
    if (ends) [low.value, high.value] = [ends[1], ends[2] || ends[1]];
    let later = 0;
    const ask = () => {
      const query = new URLSearchParams(new FormData(sliders.closest('form')));
      history.replaceState(null, '', `/what-if?${query}`);
      query.set('part', '1');
      window.htmx.ajax('GET', `/what-if?${query}`, { target: '#what-if', swap: 'outerHTML' });
    };
    [low, high].forEach((slider) => slider.addEventListener('input', () => {
      write(slider);
      if (!sliders.dataset.live) return;
      clearTimeout(later);
      later = setTimeout(ask, 120);
    }));
  });

  // -- another number is another page -----------------------------------------------------------------------------
  all('form.what-if select').forEach((select) => select.addEventListener('change', () => {
    if (select.name === 'path') select.form.elements.value.value = '';
    select.form.requestSubmit();
  }));

  // -- long lists narrow while one types; what is chosen stays in sight -----------------------------------------------
  all('form.share').forEach((form) => {
    const search = form.querySelector('input[type="search"]');
    const find = search.parentElement.querySelector('button');
    search.addEventListener('input', () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      all('.rows label', form).forEach((row) => {
        const text = row.textContent.toLowerCase();
        row.hidden = !row.querySelector('input').checked && !words.every((word) => text.includes(word));
      });
      all('.pick', form).forEach((list) => {
        const size = list.querySelector('[data-count]');
        size.textContent = size.dataset.count.replace('§', all('.rows label:not([hidden])', list).length);
      });
    });
    // What the server has left out of the lists by an earlier search comes back with a new one.
    search.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      find.click();
    });
  });

  // -- the day -----------------------------------------------------------------------------------------------------
  all('form.as-of').forEach((form) => {
    const select = form.querySelector('select');
    const slider = form.querySelector('input[type="range"]');
    const days = all('option', select).reverse();
    slider.hidden = false;
    slider.addEventListener('input', () => {
      days[slider.valueAsNumber].selected = true;
      slider.setAttribute('aria-valuetext', days[slider.valueAsNumber].textContent);
    });
    slider.setAttribute('aria-valuetext', select.selectedOptions[0].textContent);
    slider.addEventListener('change', () => form.requestSubmit());
    select.addEventListener('change', () => form.requestSubmit());
    form.querySelector('button').hidden = true;
  });
})();
