// <date-field>: a text field for dates that gets a month to choose from. Without script it stays a text field.
// Native date fields follow the browser's language; court papers are written 2026-11-21 everywhere.
const pad = (n) => String(n).padStart(2, '0')
const iso = (d) => `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`
const plus = (d, days) => new Date(d.getFullYear(), d.getMonth(), d.getDate() + days)
const months = (d, n) => new Date(d.getFullYear(), d.getMonth() + n, Math.min(d.getDate(), new Date(d.getFullYear(), d.getMonth() + n + 1, 0).getDate()))
const spoken = (d) => `${d.getFullYear()} 年 ${d.getMonth() + 1} 月 ${d.getDate()} 日 周${'日一二三四五六'[d.getDay()]}`

export function parse(text) {
  const found = /^\s*(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?\s*$/.exec(text)
  if (!found) return null
  const day = new Date(+found[1], +found[2] - 1, +found[3])
  return day.getMonth() === +found[2] - 1 && day.getDate() === +found[3] ? day : null
}

const make = (tag, cls, text) => {
  const el = document.createElement(tag)
  if (cls) el.className = cls
  if (text !== undefined) el.textContent = text
  return el
}
const icon = (name) => {
  const use = document.querySelector('svg.icon use')?.getAttribute('href') ?? '/static/icons.svg#'
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const inner = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  inner.setAttribute('href', `${use.split('#')[0]}#${name}`)
  svg.append(inner)
  return svg
}
const press = (name, label) => {
  const button = make('button', 'ibtn')
  button.type = 'button'
  button.setAttribute('aria-label', label)
  button.append(icon(name))
  return button
}

class DateField extends HTMLElement {
  connectedCallback() {
    if (this.opener) return
    this.input = this.querySelector('input')
    this.opener = press('calendar', '选择日期')
    this.opener.classList.add('df__b')
    this.opener.setAttribute('aria-haspopup', 'dialog')
    this.opener.setAttribute('aria-expanded', 'false')
    this.append(this.opener)
    this.classList.add('is-ready')
    this.opener.addEventListener('click', () => (this.panel ? this.shut() : this.open()))
    this.input.addEventListener('keydown', (e) => { if (e.key === 'ArrowDown') { e.preventDefault(); this.open() } })
    this.input.addEventListener('blur', () => { const day = parse(this.input.value); if (day) this.input.value = iso(day) })
    this.outside = (e) => { if (!this.contains(e.target)) this.shut(false) }
  }

  open() {
    this.day = parse(this.input.value) ?? new Date()
    this.panel = make('div', 'df__p')
    this.panel.setAttribute('role', 'dialog')
    this.panel.setAttribute('aria-label', '选择日期')
    this.panel.addEventListener('keydown', (e) => this.key(e))
    this.append(this.panel)
    this.opener.setAttribute('aria-expanded', 'true')
    document.addEventListener('pointerdown', this.outside)
    this.draw(true)
  }

  shut(focus = true) {
    this.panel?.remove()
    this.panel = null
    this.opener.setAttribute('aria-expanded', 'false')
    document.removeEventListener('pointerdown', this.outside)
    if (focus) this.opener.focus()
  }

  choose(day) {
    this.input.value = iso(day)
    this.shut()
    this.input.dispatchEvent(new Event('input', { bubbles: true }))
    this.input.dispatchEvent(new Event('change', { bubbles: true }))
  }

  key(e) {
    if (e.key === 'Escape') { e.stopPropagation(); return this.shut() }
    if (!e.target.closest('.df__t')) return
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[e.key]
    const weekday = (this.day.getDay() + 6) % 7
    if (step) this.day = plus(this.day, step)
    else if (e.key === 'PageUp') this.day = months(this.day, e.shiftKey ? -12 : -1)
    else if (e.key === 'PageDown') this.day = months(this.day, e.shiftKey ? 12 : 1)
    else if (e.key === 'Home') this.day = plus(this.day, -weekday)
    else if (e.key === 'End') this.day = plus(this.day, 6 - weekday)
    else return
    e.preventDefault()
    this.draw(true)
  }

  draw(focus) {
    const head = make('div', 'df__h'), title = make('span', '', `${this.day.getFullYear()} 年 ${this.day.getMonth() + 1} 月`)
    title.setAttribute('aria-live', 'polite')
    const before = press('left', '上一月'), after = press('right', '下一月')
    before.addEventListener('click', () => { this.day = months(this.day, -1); this.draw(false); this.panel.querySelector('.ibtn').focus() })
    after.addEventListener('click', () => { this.day = months(this.day, 1); this.draw(false); this.panel.querySelectorAll('.ibtn')[1].focus() })
    head.append(before, title, after)
    const table = make('table', 'df__t'), body = make('tbody'), names = make('tr')
    table.setAttribute('role', 'grid')
    for (const name of '一二三四五六日') { const th = make('th', '', name); th.scope = 'col'; th.setAttribute('aria-label', `周${name}`); names.append(th) }
    const first = new Date(this.day.getFullYear(), this.day.getMonth(), 1)
    let day = plus(first, -((first.getDay() + 6) % 7))
    const chosen = this.input.value, today = iso(new Date())
    for (let week = 0; week < 6; week += 1) {
      const row = make('tr')
      for (let i = 0; i < 7; i += 1, day = plus(day, 1)) row.append(this.cell(day, chosen, today))
      body.append(row)
    }
    const top = make('thead')
    top.append(names)
    table.append(top, body)
    this.panel.replaceChildren(head, table)
    if (focus) this.panel.querySelector('[tabindex="0"]').focus()
  }

  cell(day, chosen, today) {
    const td = make('td'), button = make('button', '', String(day.getDate())), mine = iso(day)
    td.setAttribute('role', 'gridcell')
    td.setAttribute('aria-selected', String(mine === chosen))
    button.type = 'button'
    button.tabIndex = mine === iso(this.day) ? 0 : -1
    button.setAttribute('aria-label', spoken(day))
    if (day.getMonth() !== this.day.getMonth()) button.classList.add('is-out')
    if (mine === today) { button.classList.add('is-today'); button.setAttribute('aria-current', 'date') }
    button.addEventListener('click', () => this.choose(day))
    td.append(button)
    return td
  }
}
customElements.define('date-field', DateField)
