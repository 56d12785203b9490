// 立案向导: saves every change on the server, keeps a copy here until the server has it, never overwrites silently.
import { early, handsOff, toast } from './islands.js';

const form = document.getElementById('step-form')
const PAUSE = 600 // milliseconds after the last key
const RETRY = [2000, 5000, 15000, 30000]
if (form) start()

function start() {
  const writer = crypto.getRandomValues(new Uint32Array(3)).join('-')
  const key = `lutong:draft:${form.dataset.person}:${form.dataset.draft}:${form.dataset.step}`
  const status = document.getElementById('saved')
  const touched = new Set()
  let sent = null // what the fields held when the running save was sent
  let dirty = false, timer = 0, running = null, failures = 0, composing = false, leaving = false
  form.elements._writer.value = writer

  // ---- What is shown about saving
  function say(kind, text, html) {
    status.className = `saved${kind === 'ok' ? '' : kind === 'busy' ? ' saved--busy' : ' saved--off'}`
    status.querySelector('.icon use').setAttribute('href', status.querySelector('.icon use').getAttribute('href').replace(/#.*/, kind === 'ok' ? '#check' : kind === 'busy' ? '#rotate' : '#warn'))
    const line = status.querySelector('span')
    line.textContent = text
    if (html) line.append(' ', html)
  }
  function alert(id, tone, text, ...actions) {
    document.getElementById(id)?.remove()
    if (!text) return
    const box = document.createElement('div')
    box.id = id
    box.className = `notice notice--${tone} wiz__alert`
    box.setAttribute('role', 'alert')
    const body = document.createElement('div')
    body.append(text, ' ', ...actions)
    box.append(body)
    document.getElementById('wiz-alerts').append(box)
  }
  function button(text, act, cls = 'btn btn--sm') {
    const b = document.createElement('button')
    b.type = 'button'; b.className = cls; b.textContent = text
    b.addEventListener('click', act)
    return b
  }

  // ---- The copy on this machine
  const fields = () => [...new FormData(form)].filter(([name]) => !name.startsWith('_') && name !== 'csrfmiddlewaretoken')
  const base = () => ({ version: form.elements._version.value, base: form.elements._base.value, at: new Date().toTimeString().slice(0, 8), fields: fields() })
  function keep() { try { localStorage.setItem(key, JSON.stringify(base())) } catch { /* full or forbidden: the server copy remains */ } }
  function drop() { try { localStorage.removeItem(key) } catch { /* nothing kept */ } }
  function kept() { try { return JSON.parse(localStorage.getItem(key) ?? 'null') } catch { return null } }

  function token() { return document.cookie.match(/(?:^|; )lutong-csrf=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value }
  function body(go, data) {
    const sent = data ?? new FormData(form)
    sent.set('go', go)
    sent.set('_writer', writer)
    sent.delete('csrfmiddlewaretoken')
    return sent
  }
  const post = (url, data) => fetch(url, { method: 'POST', body: data, redirect: 'manual', headers: { 'X-CSRFToken': token(), Accept: 'application/json' } })

  // ---- Saving: one request at a time, the newest state wins
  function changed() {
    dirty = true
    keep()
    clearTimeout(timer)
    if (!composing) timer = setTimeout(save, PAUSE)
  }
  async function save(go = 'save', data) {
    clearTimeout(timer)
    while (running) await running.catch(() => false)
    if (go === 'save' && !dirty) return true
    const mine = running = send(go, data)
    try { return await mine } finally { if (running === mine) running = null }
  }
  async function send(go, data) {
    dirty = false
    sent = data ? null : values()
    say('busy', '保存中')
    let answer
    try {
      answer = await post(form.dataset.save, body(go, data))
    } catch {
      return failed('未保存：网络中断，已暂存在本机')
    }
    if (answer.type === 'opaqueredirect' || answer.status === 401) return signedOut()
    if (answer.status === 403) return failed('未保存：页面已过期，已暂存在本机，请刷新页面')
    if (answer.status >= 500) return failed('未保存：服务器暂时不可用，已暂存在本机')
    const told = await answer.json().catch(() => null)
    await handsOff()
    if (!told) return failed('未保存：服务器的答复无法识别，已暂存在本机')
    if (answer.status === 409 && told.html) return conflict(told)
    if (!answer.ok) return refused(told)
    take(told)
    return true
  }
  function failed(text) {
    dirty = true
    keep()
    say('off', text)
    clearTimeout(timer)
    timer = setTimeout(save, RETRY[Math.min(failures++, RETRY.length - 1)])
    return false
  }
  function signedOut() {
    dirty = true
    keep()
    const link = document.createElement('a')
    link.href = form.dataset.login; link.target = '_blank'; link.rel = 'noopener'; link.textContent = '在新标签页登录'
    say('off', '未保存：登录已过期，已暂存在本机', link)
    alert('signed-out', 'warn', '登录已过期。您填写的内容已暂存在本机，登录后回到这一页会自动保存。', link.cloneNode(true))
    return false
  }
  function refused(told) {
    keep()
    say('off', `未保存：${told.title}`)
    for (const [path, text] of Object.entries(told.fields ?? {})) show(path, text)
    return false
  }
  function take(told) {
    failures = 0
    document.getElementById('signed-out')?.remove()
    form.elements._version.value = told.version
    form.elements._base.value = told.base
    say('ok', `已保存 ${told.saved_at}`)
    if (dirty) { clearTimeout(timer); timer = setTimeout(save, PAUSE) } else drop()
    document.getElementById('wiz-title').textContent = told.title
    document.getElementById('wiz-sub').textContent = told.subtitle
    document.querySelectorAll('[data-steps]').forEach((nav) => swap(nav, told.steps))
    swap(document.getElementById('wiz-side'), told.side)
    if (told.body !== undefined) redraw(told)
    else tell(told, typedMeanwhile())
  }
  // Markup from our own server only; it carries no scripts and no handlers.
  function swap(box, html) { if (box && box.dataset.last !== html) { box.dataset.last = html; const t = document.createElement('template'); t.innerHTML = html; box.replaceChildren(t.content) } }

  function tell(told, newer) { // an answer says nothing about what was typed after it was asked for
    const answered = (path) => !newer.some(({ key }) => key.split('=')[0] === path)
    for (const [id, text] of Object.entries(told.notes ?? {})) {
      const note = document.getElementById(id)
      if (!note) continue
      const line = note.querySelector('span') ?? note
      line.textContent = text
      if (id.endsWith('.warn')) note.hidden = !text
    }
    form.querySelectorAll('.fld__msg[id$="-msg"]').forEach((message) => {
      const path = message.id.slice(0, -4), error = told.errors[path]
      if (!error) show(path, '')
      else if (answered(path) && (touched.has(path) || message.classList.contains('is-err'))) show(path, error)
    })
    form.querySelectorAll('[data-row]').forEach((row) => row.classList.toggle('claim--err', Boolean(row.querySelector('.fld__msg.is-err'))))
    const summary = document.getElementById('errors')
    if (summary?.firstElementChild) {
      summary.querySelectorAll('li').forEach((li) => { if (!told.errors[decodeURIComponent(li.firstChild.hash.slice(1))]) li.remove() })
      const left = summary.querySelectorAll('li').length
      if (left) summary.querySelector('h2').lastChild.textContent = `有 ${left} 处需要改正`
      else summary.replaceChildren()
    }
  }
  function show(path, error) {
    const message = document.getElementById(`${path}-msg`), field = document.getElementById(path)
    if (!message) return
    const text = error || message.dataset.hint || ''
    message.classList.toggle('is-err', Boolean(error))
    if (error) message.classList.remove('is-warn')
    message.querySelector('span').textContent = text
    if (error) field?.setAttribute('aria-invalid', 'true')
    else field?.removeAttribute('aria-invalid')
  }
  // What each field holds, by name and place; hidden ones are the server's business.
  function values() {
    const found = new Map()
    for (const field of form.querySelectorAll('input[name]:not([type=hidden]), textarea[name], select[name]')) {
      const tick = field.type === 'checkbox' || field.type === 'radio'
      found.set(tick ? `${field.name}=${field.value}` : field.name, tick ? field.checked : field.value)
    }
    return found
  }
  function rows() { // row id → its place, to follow a row that has moved
    return new Map([...form.querySelectorAll('[data-row] > input[type=hidden][name$="id"]')].map((i) => [i.value, i.name.split('.').slice(0, 2).join('.')]))
  }
  // Typed while the answer was under way: it is newer than the answer, so it goes back into the new fields.
  function typedMeanwhile() {
    if (!sent) return []
    const places = new Map([...rows()].map(([id, place]) => [place, id]))
    return [...values()].filter(([key, value]) => sent.has(key) && sent.get(key) !== value)
      .map(([key, value]) => ({ key, value, row: places.get(key.split('.').slice(0, 2).join('.')) }))
  }
  function putBack(typed) {
    const now = rows()
    for (const { key, value, row } of typed) {
      const [path, option] = key.split('=')
      const name = row && now.has(row) ? `${now.get(row)}.${path.split('.').slice(2).join('.')}` : path
      const field = form.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])${option === undefined ? '' : `[value="${CSS.escape(option)}"]`}`)
      if (!field) continue
      if (typeof value === 'boolean') field.checked = value
      else field.value = value
      dirty = true
    }
    if (dirty) changed()
  }
  function redraw(told) {
    if (composing) return form.addEventListener('compositionend', () => redraw(told), { once: true }) // never under an open IME
    const box = document.getElementById('step-body'), here = document.activeElement, at = here?.id
    const caret = here?.selectionStart, typed = typedMeanwhile()
    const template = document.createElement('template')
    template.innerHTML = told.body
    const running = box.querySelector('upload-box'), fresh = template.content.querySelector('upload-box')
    if (running && fresh) { const news = fresh.cloneNode(true); fresh.replaceWith(running); running.renew(news) } // transfers go on
    box.replaceChildren(template.content)
    putBack(typed)
    tell(told, typed)
    counts()
    const row = told.focus ? form.querySelector(`input[value="${CSS.escape(told.focus)}"]`)?.closest('[data-row]') : null
    const target = row?.querySelector('select, input:not([type=hidden]), textarea') ?? (at ? document.getElementById(at) : null) ?? box.querySelector('.undo button')
    target?.focus({ preventScroll: !row })
    if (target?.id === at && typeof caret === 'number') try { target.setSelectionRange(caret, caret) } catch { /* a field without a caret */ }
  }

  // ---- Two versions: the person decides
  function conflict(told) {
    keep()
    say('off', '未保存：别处也改过这一步，请比对')
    const dialog = document.getElementById('conflict')
    const pane = document.createElement('form')
    const template = document.createElement('template')
    template.innerHTML = told.html
    pane.append(template.content)
    const actions = document.createElement('div')
    actions.className = 'dlg__a'
    actions.append(
      button('全部用我的', () => pick('mine'), 'btn'), button('全部用服务器的', () => pick('theirs'), 'btn'),
      Object.assign(button('按选择保存', () => {}, 'btn btn--pri'), { type: 'submit' }))
    pane.append(actions)
    const pick = (side) => pane.querySelectorAll(`input[value=${side}]`).forEach((i) => { i.checked = true })
    pane.addEventListener('submit', async (e) => {
      e.preventDefault()
      e.stopPropagation()
      const data = body('merge')
      for (const [name, value] of new FormData(pane)) data.set(name, value)
      try {
        const answer = await post(form.dataset.merge, data)
        if (answer.type === 'opaqueredirect') { dialog.close(); return signedOut() }
        const settled = await answer.json()
        dialog.close()
        if (answer.ok) take(settled)
        else save()
      } catch { dialog.close(); failed('未保存：网络中断，已暂存在本机') }
    })
    dialog.replaceChildren(pane)
    if (!dialog.open) dialog.showModal()
    return false
  }

  // ---- A copy that an earlier page could not deliver
  const left = kept()
  if (left && JSON.stringify(left.fields) !== JSON.stringify(fields())) {
    alert('left-over', 'warn', `本机留有 ${left.at} 未能保存的内容。`,
      button('恢复并保存', async () => {
        const data = new FormData()
        for (const [name, value] of left.fields) data.append(name, value)
        data.set('_version', left.version)
        data.set('_base', left.base)
        document.getElementById('left-over').remove()
        await save('redraw', data)
      }), button('丢弃', () => { drop(); document.getElementById('left-over').remove() }, 'btn btn--sm btn--text'))
  } else drop()

  // ---- Events
  if (early(form).length) changed()
  form.addEventListener('compositionstart', () => { composing = true })
  form.addEventListener('compositionend', () => { composing = false; changed() })
  form.addEventListener('input', (e) => {
    if (e.target.closest('combo-box') || e.target.type === 'file' || e.target.dataset.redraw !== undefined) return
    changed()
    counts()
  })
  form.addEventListener('change', (e) => {
    touched.add(e.target.name)
    if (e.target.dataset.redraw !== undefined) { keep(); save('redraw') }
  })
  form.addEventListener('focusout', (e) => {
    if (!e.target.name) return
    touched.add(e.target.id)
    if (dirty && !composing) save()
  })
  form.addEventListener('click', (e) => {
    const press = e.target.closest('[data-change]')
    if (!press) return
    e.preventDefault()
    keep()
    save(press.value).then((ok) => { if (!ok && !navigator.onLine) toast('网络中断，恢复后再试；已填内容不会丢失') })
  })
  form.addEventListener('keydown', (e) => { // Enter in a field must not press the first button of the form
    if (e.key === 'Enter' && e.target.matches('input:not([type=checkbox]):not([type=radio])') && !e.isComposing && !e.defaultPrevented) { e.preventDefault(); if (dirty) save() }
  })
  let going = false
  form.addEventListener('submit', async (e) => {
    const press = e.submitter
    if (going || !(dirty || running)) { leaving = true; return }
    e.preventDefault()
    if (!(await settled())) return // the page says why; nothing typed is thrown away
    going = leaving = true
    form.requestSubmit(press?.isConnected ? press : form.querySelector(`button[name=go][value="${press?.value}"]`))
  }, true)
  document.addEventListener('click', async (e) => {
    const link = e.target.closest('[data-go]')
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey || !(dirty || running)) return
    e.preventDefault()
    if (await settled()) location.href = link.href
  })
  // True once the server has everything; tried a few times, for what is typed meanwhile must be saved, too.
  async function settled() {
    for (let turn = 0; turn < 5; turn++) {
      while (running) await running.catch(() => false)
      if (!dirty) return true
      if (!(await save())) return false
    }
    return !dirty
  }
  function leave() {
    if (!dirty || leaving) return
    keep()
    const data = body('save')
    data.set('csrfmiddlewaretoken', token())
    navigator.sendBeacon?.(form.dataset.save, data)
  }
  addEventListener('pagehide', leave)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') { if (dirty) save() } else if (dirty) save()
  })
  addEventListener('online', () => { if (dirty) save() })
  addEventListener('offline', () => { if (dirty) say('off', '未保存：网络中断，已暂存在本机') })
  addEventListener('focus', () => { if (dirty && !running) save() })
  addEventListener('pageshow', (e) => { going = leaving = false; if (e.persisted) location.reload() })
  document.addEventListener('upload-box:placed', () => { touched.add('files'); changed() })
  document.addEventListener('upload-box:redraw', () => save('redraw'))

  // ---- Live counts of long texts
  function counts() {
    form.querySelectorAll('textarea[data-count]').forEach((area) => {
      const out = document.getElementById(area.dataset.count)
      if (out) out.textContent = `已填 ${[...area.value.trim()].length.toLocaleString('en')} 字`
    })
  }
  counts()
  document.querySelector('.errsum')?.focus()
}

// 组合框: suggestions from the server while typing; arrows, Enter, Escape; without script a plain search field.
customElements.define('combo-box', class extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector('input'), name = this.dataset.for
    if (!input || this.list) return
    this.classList.add('is-live')
    this.list = Object.assign(document.createElement('ul'), { className: 'combo__l', id: `${name}-list`, hidden: true })
    this.list.setAttribute('role', 'listbox')
    this.list.setAttribute('aria-label', '建议')
    this.append(this.list)
    for (const [k, v] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': this.list.id })) input.setAttribute(k, v)
    let timer = 0, number = 0, composing = false
    const look = () => { clearTimeout(timer); timer = setTimeout(ask, 150) }
    const ask = async () => {
      const mine = ++number
      if (!input.value.trim()) return this.close()
      const answer = await fetch(`${this.dataset.url}?q=${encodeURIComponent(input.value)}`).catch(() => null)
      if (!answer?.ok || mine !== number) return
      this.offer((await answer.json()).options)
    }
    input.addEventListener('compositionstart', () => { composing = true })
    input.addEventListener('compositionend', () => { composing = false; look() })
    input.addEventListener('input', () => { if (!composing) look() })
    input.addEventListener('keydown', (e) => {
      if (e.isComposing) return
      const options = [...this.list.children], at = options.findIndex((o) => o.getAttribute('aria-selected') === 'true')
      if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
        e.preventDefault()
        if (this.list.hidden) return look()
        this.mark(options[(at + (e.key === 'ArrowDown' ? 1 : -1) + options.length) % options.length])
      } else if (e.key === 'Enter') { e.preventDefault(); if (!this.list.hidden && options[at]) this.take(options[at]) } else if (e.key === 'Escape' && !this.list.hidden) { e.stopPropagation(); this.close() }
    })
    input.addEventListener('blur', () => setTimeout(() => this.close(), 150))
    this.list.addEventListener('mousedown', (e) => e.preventDefault())
    this.list.addEventListener('click', (e) => { const o = e.target.closest('[role=option]'); if (o?.dataset.value) this.take(o) })
  }
  offer(options) {
    this.list.replaceChildren(...options.map((o, i) => {
      const li = Object.assign(document.createElement('li'), { id: `${this.list.id}-${i}` })
      li.setAttribute('role', 'option')
      li.dataset.value = o.value
      li.append(Object.assign(document.createElement('b'), { textContent: o.label }), Object.assign(document.createElement('small'), { textContent: o.hint }))
      return li
    }))
    if (!options.length) {
      const li = Object.assign(document.createElement('li'), { textContent: '没有找到，请换一个词，或者在下面按目录选择', className: 'combo__none' })
      li.setAttribute('role', 'option'); li.setAttribute('aria-disabled', 'true')
      this.list.append(li)
    }
    this.list.hidden = false
    this.querySelector('input').setAttribute('aria-expanded', 'true')
    if (options.length) this.mark(this.list.firstElementChild)
  }
  mark(option) {
    for (const o of this.list.children) o.setAttribute('aria-selected', String(o === option))
    this.querySelector('input').setAttribute('aria-activedescendant', option?.id ?? '')
    option?.scrollIntoView({ block: 'nearest' })
  }
  take(option) {
    const form = this.closest('form')
    form.querySelectorAll(`[name=${this.dataset.for}]`).forEach((i) => { if (i.type === 'radio') i.checked = false; else i.value = option.dataset.value })
    this.querySelector('input').value = ''
    this.close()
    form.querySelector(`input[type=hidden][name=${this.dataset.for}]`).dataset.redraw = ''
    form.querySelector(`input[type=hidden][name=${this.dataset.for}]`).dispatchEvent(new Event('change', { bubbles: true }))
  }
  close() {
    this.list.hidden = true
    const input = this.querySelector('input')
    input.setAttribute('aria-expanded', 'false')
    input.removeAttribute('aria-activedescendant')
  }
})
