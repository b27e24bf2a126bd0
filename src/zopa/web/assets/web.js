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
