"use strict";
// Charts come alive, tables get their buttons and their shape for a phone: for briefs and for the pages of the workbench.
window.zopa = (() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // -- charts ------------------------------------------------------------------------------------------------------
  const narrow = window.matchMedia('(max-width: 40rem)');
  const LINE = 17;
  const columns = (text) => [...text].reduce((sum, c) => sum + (/[\u1100-\u115f\u2e80-\uffef]/.test(c) ? 2 : 1), 0);
  const rewrap = (text, most) => {
    // Lines as in charts/style.py, for another width: Latin words stay whole, no line starts with a closing mark.
    const joined = String(text).replace(/([\x21-\x7e])\n([\x21-\x7e])/g, '$1 $2').replaceAll('\n', '');
    const pieces = joined.match(/[\x21-\x7e]+\s*|[（《「『“‘【〔]*[^\x21-\x7e][，。、；：？！）》」』”’】〕%]*\s*/g) || [joined];
    const lines = [];
    for (const piece of pieces) {
      const last = lines.length - 1;
      if (last >= 0 && columns((lines[last] + piece).trimEnd()) <= most) lines[last] += piece;
      else lines.push(piece);
    }
    return lines.map((line) => line.trim());
  };
  const each = (node, visit) => {
    if (Array.isArray(node)) node.forEach((inner) => each(inner, visit));
    else if (node && typeof node === 'object') {
      visit(node);
      Object.entries(node).forEach(([key, inner]) => { if (key !== 'data') each(inner, visit); });
    }
  };
  const slim = (spec, width) => {
    // A phone: titles and legends take more lines, and names of rows stand above their marks instead of beside them.
    const most = Math.floor((width - 16) / 6.8);
    // Where names stay beside the marks, titles start to the right of them.
    const room = spec.height && spec.height.step ? most : Math.floor(0.64 * most);
    each(spec, (node) => {
      if (typeof node.title === 'string' && node.field) node.title = rewrap(node.title, room);
      else if (Array.isArray(node.title)) node.title = node.title.flatMap((line) => rewrap(line, room));
      if (node.legend && typeof node.legend === 'object') node.legend.columns = 1;
    });
    if (!spec.height || !spec.height.step) return spec;
    const names = new Set();
    const parts = new Set();
    each(spec, (node) => {
      if (node.y && node.y.field && node.y.type !== 'quantitative') names.add(node.y.field);
      if (node.yOffset && node.yOffset.field) parts.add(node.yOffset.field);
    });
    const values = [];
    each({ ...spec, rows: spec.data }, (node) => { if (Array.isArray(node.values)) values.push(...node.values); });
    const renamed = new Map();
    const marks = new Set();
    let longest = 1;
    values.filter((row) => row && typeof row === 'object').forEach((row) => {
      parts.forEach((field) => marks.add(row[field]));
      names.forEach((field) => {
        if (typeof row[field] !== 'string') return;
        const lines = rewrap(row[field], most);
        longest = Math.max(longest, lines.length);
        renamed.set(row[field], lines.join('\n'));
      });
    });
    // Names of rows also stand in sort orders and scale domains.
    const rename = (node) => {
      if (typeof node === 'string') return renamed.has(node) ? renamed.get(node) : node;
      if (Array.isArray(node)) return node.map(rename);
      if (!node || typeof node !== 'object') return node;
      return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, rename(inner)]));
    };
    const made = rename(spec);
    // Marks keep a band of their own; the room between two bands is for the name of the lower one.
    const band = 24 * Math.max(1, marks.size);
    const step = band + LINE * longest + 12;
    made.height = { step, for: 'position' };
    each(made, (node) => {
      if (node.y && names.has(node.y.field)) {
        node.y.scale = { ...node.y.scale, type: 'band', paddingInner: 1 - band / step, paddingOuter: (LINE * longest) / step };
      }
    });
    made.config.axisY = {
      ...made.config.axisY,
      labelAlign: 'left',
      labelPadding: 0,
      labelOffset: { expr: `-(${band / 2 - LINE / 2 + 1} + ${LINE} * length(split(datum.label, '\\n')))` },
    };
    return made;
  };
  const draw = async (figure) => {
    const plot = figure.querySelector('.plot');
    if (plot.dataset.live || !window.vegaEmbed) return;
    plot.dataset.live = 'yes';
    // Labels are laid out by their widths: the font must be there first.
    await Promise.all(['', 'bold '].map((weight) => document.fonts.load(`${weight}12px "Zopa Sans SC"`).catch(() => [])));
    // Some charts come with a layout of their own for a phone.
    const own = narrow.matches && figure.querySelector('.spec-narrow');
    let spec = JSON.parse((own || figure.querySelector('.spec')).textContent);
    // A chart that is not made of rows is not squeezed below six tenths of its width: it scrolls.
    const inRows = spec.height && spec.height.step;
    const fits = own || inRows || plot.clientWidth >= 0.6 * parseInt(plot.style.maxWidth, 10);
    if (plot.dataset.fluid === 'yes' && fits) {
      if (narrow.matches && !own) spec = slim(spec, plot.clientWidth);
      spec.width = 'container';
      spec.autosize = { type: 'fit-x', contains: 'padding' };
    }
    const stage = document.createElement('div');
    stage.className = 'stage';
    plot.append(stage);
    try {
      const result = await window.vegaEmbed(stage, spec, { actions: false, renderer: 'svg', logLevel: 1 });
      [...plot.children].filter((child) => child !== stage).forEach((child) => child.remove());
      tools(figure, result.view);
    } catch (error) {
      stage.remove();
      console.error(error);
    }
  };
  const drawAll = (where) => all('figure', where).filter((figure) => figure.querySelector('.spec')).forEach(draw);
  const redraw = (where) => {
    all('.plot').forEach((plot) => { delete plot.dataset.live; });
    drawAll(where());
  };

  // -- saving ------------------------------------------------------------------------------------------------------
  const save = (name, href) => {
    const link = document.createElement('a');
    link.download = name;
    link.href = href;
    link.click();
  };
  const saveText = (name, type, text) => {
    const url = URL.createObjectURL(new Blob([text], { type }));
    save(name, url);
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
  const cells = (row) => all('th, td', row).map((cell) => {
    const refs = all('.ref', cell);
    return (refs.length ? refs.map((ref) => ref.textContent).join(' ') : cell.textContent).trim();
  });
  const quoted = (text) => {
    // A cell that a spreadsheet would run as a formula is written as text.
    const safe = /^[=+@\t]/.test(text) ? `'${text}` : text;
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  // A marking goes into every file that leaves the page: pictures get a band above them, as in charts/marked.py.
  const BAND = 22;
  const marking = (element) => (element.closest('[data-marking]') || { dataset: {} }).dataset.marking || '';
  const markedSvg = (text, mark) => {
    if (!mark) return text;
    const svg = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
    const [, , width, height] = svg.getAttribute('viewBox').split(' ').map(Number);
    svg.setAttribute('viewBox', `0 -${BAND} ${width} ${height + BAND}`);
    svg.setAttribute('height', height + BAND);
    const put = (name, values, content) => {
      const made = document.createElementNS('http://www.w3.org/2000/svg', name);
      Object.entries(values).forEach(([key, value]) => made.setAttribute(key, value));
      made.textContent = content;
      svg.prepend(made);
    };
    const size = Math.max(6, Math.min(13, (width - 16) / mark.length));
    put('text', { x: 8, y: -7, 'font-family': 'sans-serif', 'font-size': size, 'font-weight': 'bold', fill: '#a34400' }, mark);
    put('rect', { x: 0, y: -BAND, width, height: BAND, fill: '#ffffff' }, '');
    return new XMLSerializer().serializeToString(svg);
  };
  const markedPng = async (view, mark) => {
    if (!mark) return view.toImageURL('png', 2);
    const from = await view.toCanvas(2);
    const made = document.createElement('canvas');
    made.width = from.width;
    made.height = from.height + 2 * BAND;
    const pen = made.getContext('2d');
    pen.fillStyle = '#ffffff';
    pen.fillRect(0, 0, made.width, made.height);
    pen.drawImage(from, 0, 2 * BAND);
    pen.fillStyle = '#a34400';
    pen.font = 'bold 26px "Zopa Sans SC", sans-serif';
    pen.fillText(mark, 16, 30, made.width - 32);
    return made.toDataURL('image/png');
  };
  const button = (text, action) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = text;
    made.addEventListener('click', action);
    return made;
  };
  const bar = (label) => {
    const made = document.createElement('span');
    made.className = 'tools';
    made.setAttribute('role', 'group');
    made.setAttribute('aria-label', label);
    return made;
  };
  const label = (element) => element.closest('[data-save]').dataset.save;
  const tools = (figure, view) => {
    const name = figure.closest('section').id;
    const old = figure.querySelector('.tools');
    if (old) old.remove();
    const made = bar(label(figure));
    made.append(
      button('SVG', async () => saveText(`${name}.svg`, 'image/svg+xml', markedSvg(await view.toSVG(), marking(figure)))),
      button('PNG', async () => save(`${name}.png`, await markedPng(view, marking(figure)))),
    );
    figure.querySelector('figcaption').append(made);
  };
  const dress = (data) => {
    if (data.dataset.dressed) return;
    data.dataset.dressed = 'yes';
    const table = data.querySelector('table');
    const heads = all('thead th', table).map((head) => head.textContent);
    // On a phone rows stand as cards: each cell then needs its column's name, and the table its role said aloud.
    table.classList.add('stacked');
    table.setAttribute('role', 'table');
    all('thead, tbody', table).forEach((part) => part.setAttribute('role', 'rowgroup'));
    all('tr', table).forEach((row) => row.setAttribute('role', 'row'));
    all('thead th', table).forEach((head) => head.setAttribute('role', 'columnheader'));
    all('tbody tr', table).forEach((row) => [...row.children].forEach((cell, k) => {
      cell.dataset.label = heads[k];
      cell.setAttribute('role', cell.tagName === 'TH' ? 'rowheader' : 'cell');
    }));
    const made = bar(label(data));
    made.append(
      button('CSV', () => {
        const mark = marking(data);
        const lines = [...(mark ? [quoted(mark)] : []), ...all('tr', table).map((row) => cells(row).map(quoted).join(','))];
        saveText(`${table.id}.csv`, 'text/csv;charset=utf-8', `\ufeff${lines.join('\r\n')}\r\n`);
      }),
      button('JSON', () => {
        const [head, ...body] = all('tr', table).map(cells);
        const rows = body.map((row) => Object.fromEntries(row.map((cell, k) => [head[k], cell])));
        const mark = marking(data);
        saveText(`${table.id}.json`, 'application/json', `${JSON.stringify(mark ? { marking: mark, rows } : rows, null, 1)}\n`);
      }),
    );
    table.after(made);
  };
  const dressAll = (where) => all('details.data', where).filter((data) => data.querySelector('table')).forEach(dress);

  return { all, button, drawAll, dressAll, onNarrow: (where) => narrow.addEventListener('change', () => redraw(where)) };
})();
