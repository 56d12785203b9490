// <upload-box ticket-url="…" [slot="…"] [name="…"] [max-mb="500"]>: many files at once, resumable (tus), told before and after.
//
// With a <template data-places> of options each file gets a choice named place.<upload id>, part of the form around it.
// Without one, finished files leave hidden inputs `name` with their upload ids, and all go to `slot`.
// Events (bubbling): upload-box:placed when a choice or the set of files has changed, upload-box:busy with {busy}.
import { toast } from './islands.js';

const ALLOWED = '.pdf,.docx,.doc,.jpg,.jpeg,.png,.ofd,.xlsx,.txt,.mp3,.mp4,.wav'
const SAID = 'PDF、DOCX、JPG、PNG 等'
const AT_ONCE = 3
const UNDO = 8000
const sizes = ['B', 'KB', 'MB', 'GB']
function size(bytes) {
  let i = 0
  while (bytes >= 1000 && i < 3) { bytes /= 1000; i++ }
  return `${i > 1 ? bytes.toFixed(1) : Math.round(bytes)} ${sizes[i]}`
}
function left(seconds) { return seconds < 90 ? `约剩 ${Math.max(1, Math.round(seconds))} 秒` : `约剩 ${Math.round(seconds / 60)} 分钟` }
function short(digest) { return digest ? `${digest.slice(0, 4)} ${digest.slice(4, 8)} … ${digest.slice(-8, -4)} ${digest.slice(-4)}` : '' }
const clock = (iso) => new Date(iso).toLocaleTimeString('zh-CN', { hour12: false, timeZone: 'Asia/Shanghai' })
function el(tag, cls, text) { const e = document.createElement(tag); if (cls) e.className = cls; if (text !== undefined) e.textContent = text; return e }
const sprite = document.querySelector('use')?.getAttribute('href')?.replace(/#.*/, '') ?? '/static/icons.svg'
function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  for (const [k, v] of Object.entries({ class: 'icon', width: 18, height: 18, 'aria-hidden': 'true' })) svg.setAttribute(k, v)
  use.setAttribute('href', `${sprite}#${name}`)
  svg.append(use)
  return svg
}
const token = () => document.cookie.match(/(?:^|; )lutong-csrf=([^;]+)/)?.[1] ?? document.querySelector('[name=csrfmiddlewaretoken]')?.value ?? ''
const memory = {
  key: (f, url) => `lutong:tus:${url}:${f.name}:${f.size}:${f.lastModified}`,
  get(k) { try { return localStorage.getItem(k) } catch { return null } },
  set(k, v) { try { localStorage.setItem(k, v) } catch { /* no memory: the upload begins anew */ } },
  drop(k) { try { localStorage.removeItem(k) } catch { /* nothing kept */ } },
}

// What a file name says about its place; the person sees it at once and may choose otherwise.
const HINTS = [[/起诉状|诉状/, /起诉状/], [/委托书/, /授权委托书/], [/所函|律所函|公函/, /所函/], [/执业证/, /执业证/], [/证据目录|证据清单/, /证据目录/],
  [/法定代表人|负责人/, /身份证明书/], [/营业执照|登记证书/, /营业执照|登记证书/], [/身份证|护照|户口/, /身份证明/]]

// One file: what is known of it, its line on the page and, while bytes flow, the transfer.
class Item {
  constructor(box, known) {
    Object.assign(this, { box, id: '', state: 'queued', place: box.slotName, warnings: [], sent: 0, pages: null, sm3: '' }, known)
    this.line = el('li', 'file')
    this.line.tabIndex = -1
    this.render()
  }

  get percent() { return this.size ? Math.floor((this.sent / this.size) * 100) : 0 }

  render() {
    const tone = { stored: this.warnings.length ? 'warn' : 'done', refused: 'bad', sending: 'up', queued: 'up', examining: 'up', paused: 'pause', broken: 'pause', receiving: 'pause' }[this.state]
    this.line.className = `file file--${tone}`
    const main = el('div', 'file__m'), right = el('div', 'file__r'), pic = el('span', 'file__ic')
    pic.setAttribute('aria-hidden', 'true')
    pic.append(icon(this.state === 'refused' ? 'lock' : 'file'))
    const name = el('p', 'file__n')
    name.append(el('b', '', this.filename))
    main.append(name, el('p', 'mutep', [size(this.size), this.pages ? `${this.pages} 页` : '', this.by ? `${this.by} 上传` : ''].filter(Boolean).join(' · ')))
    this.middle(main)
    this.places(main)
    const [text, tagTone, sign] = this.tag()
    this.badge = el('span', `tag tag--${tagTone}`)
    if (sign) this.badge.append(icon(sign))
    this.badge.append(text)
    right.append(this.badge)
    const press = (pict, label, act) => {
      const b = el('button', 'ibtn')
      b.type = 'button'
      b.setAttribute('aria-label', `${label} ${this.filename}`)
      b.append(icon(pict))
      b.addEventListener('click', act)
      right.append(b)
    }
    if (this.state === 'sending') press('pause', '暂停上传', () => this.pause())
    if (this.state === 'paused' || (this.state === 'broken' && this.file)) press('play', '继续上传', () => this.box.start(this))
    press('trash', '移除', () => this.box.remove_(this))
    this.line.replaceChildren(pic, main, right)
  }

  middle(main) {
    if (['sending', 'paused', 'queued', 'broken', 'receiving', 'examining'].includes(this.state)) {
      this.bar = el('progress', `bar bar--${this.state === 'sending' || this.state === 'queued' || this.state === 'examining' ? 'up' : 'pause'}`)
      this.bar.max = 100
      this.bar.setAttribute('aria-label', `${this.filename} 上传进度`)
      this.speed = el('p', 'file__s')
      main.append(this.bar, this.speed)
      this.progress()
    } else if (this.state === 'refused') {
      const line = el('p', 'file__s')
      line.append(el('b', '', `未接收：${this.refusal?.sentence ?? '文件没有通过检查。'}`), this.refusal?.way_out ?? '')
      main.append(line, this.again('重新选择'))
    } else if (this.state === 'stored') {
      for (const warning of this.warnings) {
        const text = typeof warning === 'string' ? warning : warning.sentence ?? ''
        const [first, ...rest] = text.split('。').filter(Boolean)
        const line = el('p', 'file__s')
        line.append(el('b', '', `${first}。`), rest.length ? `${rest.join('。')}。` : '')
        main.append(line)
      }
      const sum = el('p', 'file__h')
      sum.append(el('span', '', 'SM3'), ` ${short(this.sm3)}`)
      if (this.finished_at) sum.append(el('span', 'file__at', `${clock(this.finished_at)} 校验一致`))
      main.append(sum)
      if (this.warnings.length) main.append(this.again('换一个文件'))
    }
  }

  again(text) {
    const row = el('div', 'file__a'), b = el('button', 'btn btn--sm', text)
    b.type = 'button'
    b.addEventListener('click', () => this.box.choose(this))
    row.append(b)
    return row
  }

  places(main) {
    if (this.state === 'refused') return
    if (!this.box.places) {
      if (this.state === 'stored' && this.box.getAttribute('name')) {
        const hidden = el('input')
        Object.assign(hidden, { type: 'hidden', name: this.box.getAttribute('name'), value: this.id })
        main.append(hidden)
      }
      return
    }
    const label = el('label', 'file__p'), choice = el('select', 'in in--sel in--sm')
    label.append(el('span', '', '归入'), choice)
    choice.append(this.box.places.content.cloneNode(true))
    choice.value = this.place
    if (choice.selectedIndex < 0) choice.value = ''
    if (this.id) choice.name = `place.${this.id}`
    choice.setAttribute('aria-label', `${this.filename} 归入`)
    if (!choice.value) choice.classList.add('in--warn')
    choice.addEventListener('change', (e) => {
      e.stopPropagation()
      this.place = choice.value
      choice.classList.toggle('in--warn', !choice.value)
      this.box.tell(this.place.startsWith('evidence:') ? 'redraw' : 'placed')
    })
    main.append(label)
  }

  tag() {
    switch (this.state) {
      case 'stored': return this.warnings.length ? ['请留意', 'warn', 'warn'] : ['已接收', 'ok', 'check']
      case 'refused': return ['未接收', 'danger', 'x']
      case 'sending': return [`上传中 ${this.percent}%`, 'info']
      case 'examining': return ['检查中', 'info']
      case 'queued': return ['等待上传', 'mute']
      case 'paused': return [`已暂停 ${this.percent}%`, 'warn']
      default: return [`已中断 ${this.percent}%`, 'warn']
    }
  }

  progress() {
    if (!this.bar) return
    this.bar.value = this.state === 'examining' ? 100 : this.percent
    const rate = this.rate ? ` · ${size(this.rate)}/秒 · ${left((this.size - this.sent) / this.rate)}` : ''
    this.speed.textContent = {
      sending: `已传 ${size(this.sent)}${rate}`,
      queued: '排队中',
      examining: '已传完，正在检查内容和计算校验值',
      paused: `已暂停 · 已保留 ${size(this.sent)}，继续时从断点续传`,
      broken: `${this.why ?? '网络中断'} · 已保留 ${size(this.sent)}，${this.file ? '恢复后自动从断点续传' : '重新选择同一个文件即可从断点续传'}`,
      receiving: `上次没有传完 · 已保留 ${size(this.sent)}，重新选择同一个文件即可从断点续传`,
    }[this.state] ?? ''
    if (this.badge && this.state === 'sending') this.badge.textContent = `上传中 ${this.percent}%`
  }

  become(state, more) {
    Object.assign(this, more, { state })
    const inside = this.line.contains(document.activeElement)
    this.render()
    if (inside) this.line.focus()
    this.box.count()
  }

  pause() { this.transfer?.abort(); this.rate = 0; this.become('paused'); this.box.next() }
}

customElements.define('upload-box', class extends HTMLElement {
  connectedCallback() {
    this.listen()
    if (this.list) return
    this.slotName = this.getAttribute('slot') ?? ''
    this.places = this.querySelector('template[data-places]')
    this.items = []
    const known = this.querySelector('script[type="application/json"]')
    this.querySelector('[data-plain]')?.remove()
    this.build()
    this.fill(known ? JSON.parse(known.textContent) : [])
    if (!known) this.ticket().then((t) => this.fill(t.uploads), () => {})
  }

  listen() {
    this.online ??= () => this.items.filter((i) => i.state === 'broken' && i.file).forEach((i) => this.start(i))
    this.stay ??= (e) => { if (this.busy()) e.preventDefault() }
    this.flush ??= () => { for (const item of this.going ?? []) this.discard(item) }
    addEventListener('online', this.online)
    addEventListener('beforeunload', this.stay)
    addEventListener('pagehide', this.flush)
    this.waiting = setInterval(() => this.poll(), 4000)
  }

  // The page around was drawn anew: take over its choices and what the server placed meanwhile.
  renew(news) {
    this.places = news.querySelector('template[data-places]') ?? this.places
    const rows = JSON.parse(news.querySelector('script[type="application/json"]')?.textContent ?? '[]')
    for (const row of rows) {
      const item = this.items.find((i) => i.id === row.id)
      if (item) item.place = row.place
    }
    this.items.forEach((i) => i.render())
  }

  disconnectedCallback() {
    removeEventListener('online', this.online)
    removeEventListener('beforeunload', this.stay)
    removeEventListener('pagehide', this.flush)
    clearInterval(this.waiting)
  }

  build() {
    const max = Number(this.getAttribute('max-mb') ?? 500)
    this.limit = max * 1e6
    this.drop = el('div', 'drop')
    this.input = Object.assign(el('input', 'sr'), { type: 'file', multiple: true, accept: this.getAttribute('accept') ?? ALLOWED, id: `${this.id || 'up'}-pick` })
    this.folder = Object.assign(el('input', 'sr'), { type: 'file', multiple: true, id: `${this.id || 'up'}-folder` })
    this.folder.webkitdirectory = true
    const text = el('div'), first = el('p'), pick = el('label', 'btn btn--sm', '选择文件'), dir = el('label', 'btn btn--sm btn--text', '选择文件夹')
    pick.htmlFor = this.input.id
    dir.htmlFor = this.folder.id
    first.append(el('b', '', '把文件拖到这里、粘贴，或'), ' ', pick, this.input, dir, this.folder)
    this.input.setAttribute('aria-label', '选择文件')
    this.folder.setAttribute('aria-label', '选择文件夹')
    text.append(first, el('p', 'mutep', `${SAID}；单个不超过 ${max} MB，合计不超过 2 GB、200 个。按内容识别类型，断网后可续传。`))
    this.drop.append(icon('upload'), text)
    this.list = el('ul', 'files')
    this.live = el('p', 'sr')
    this.live.setAttribute('aria-live', 'polite')
    this.append(this.drop, this.list, this.live)
    for (const input of [this.input, this.folder]) input.addEventListener('change', (e) => { e.stopPropagation(); this.add([...input.files]); input.value = '' })
    const over = (on) => (e) => { e.preventDefault(); this.drop.classList.toggle('is-over', on) }
    this.addEventListener('dragover', over(true))
    this.addEventListener('dragleave', over(false))
    this.addEventListener('drop', async (e) => { over(false)(e); this.add(await dropped(e.dataTransfer)) })
    document.addEventListener('paste', (e) => { if (this.isConnected && e.clipboardData?.files.length) { e.preventDefault(); this.add([...e.clipboardData.files]) } })
  }

  fill(rows) {
    for (const row of rows) {
      if (row.place === 'removed' || this.items.some((i) => i.id === row.id)) continue
      this.put(new Item(this, { ...row, sent: row.state === 'receiving' ? row.offset : row.size, warnings: row.warnings ?? [] }))
    }
    this.count()
  }

  put(item) { this.items.push(item); this.list.append(item.line) }

  add(files) {
    const taken = []
    for (const file of files) {
      if (file.name.startsWith('.') || file.name === 'Thumbs.db') continue
      const waits = this.items.find((i) => (i.state === 'receiving' || i.state === 'broken') && !i.file && i.filename === file.name && i.size === file.size)
      const item = this.replacing ?? new Item(this, { filename: file.name, size: file.size, place: this.guess(file.name) })
      if (this.replacing) { this.forget(item); Object.assign(item, { id: '', filename: file.name, size: file.size, sent: 0, warnings: [], refusal: null }) } else this.put(item)
      this.replacing = null
      item.file = file
      if (waits) { item.place = waits.place; if (memory.get(memory.key(file, this.getAttribute('ticket-url')))?.includes(waits.id)) item.sent = waits.sent; else this.discard(waits); this.take(waits) }
      if (file.size > this.limit) item.become('refused', { file: null, refusal: { sentence: `文件有 ${size(file.size)}，单个不能超过 ${size(this.limit)}。`, way_out: '请拆分或者压缩后再选择；文件没有上传。' } })
      else if (!file.size) item.become('refused', { file: null, refusal: { sentence: '文件是空的（0 字节）。', way_out: '请检查后重新选择。' } })
      else { item.become('queued'); taken.push(item) }
    }
    if (taken.length) this.speak(`已加入 ${taken.length} 个文件，开始上传`)
    this.next()
  }

  guess(name) {
    if (!this.places) return this.slotName
    const titles = [...this.places.content.querySelectorAll('option')]
    for (const [said, title] of HINTS) {
      const fits = said.test(name) ? titles.filter((o) => title.test(o.textContent) && !o.value.startsWith('evidence:')) : []
      if (fits.length === 1 || (fits.length > 1 && /身份证/.test(title.source) === false)) return fits[0].value
    }
    return ''
  }

  choose(item) { this.replacing = item; this.input.click() }

  next() {
    const active = this.items.filter((i) => i.state === 'sending').length
    this.items.filter((i) => i.state === 'queued').slice(0, Math.max(0, AT_ONCE - active)).forEach((i) => this.start(i))
  }

  async ticket() {
    if (this.pass && Date.now() - this.pass.at < 3600e3) return this.pass
    const answer = await fetch(this.getAttribute('ticket-url'), { method: 'POST', redirect: 'manual', headers: { 'X-CSRFToken': token(), Accept: 'application/json' } })
    if (answer.type === 'opaqueredirect' || answer.status === 401) throw Object.assign(new Error(), { why: '登录已过期，请在新标签页登录后继续' })
    if (!answer.ok) throw Object.assign(new Error(), { why: (await answer.json().catch(() => ({}))).title ?? '服务器暂时不可用' })
    this.pass = { ...(await answer.json()), at: Date.now() }
    return this.pass
  }

  async start(item) {
    if (item.state === 'sending' || !item.file) return
    item.become('sending', { why: null })
    let pass
    try { pass = await this.ticket() } catch (e) { item.become('broken', { why: e.why ?? '网络中断' }); return this.later(item) }
    const place = memory.key(item.file, this.getAttribute('ticket-url'))
    let mark = { at: performance.now(), sent: item.sent }
    item.transfer = new window.tus.Upload(item.file, {
      endpoint: pass.url, uploadUrl: memory.get(place), chunkSize: 16 * 1024 * 1024, retryDelays: [1000, 3000, 8000], storeFingerprintForResuming: false,
      metadata: { filename: item.file.name, slot: (item.place || this.slotName).slice(0, 30) }, headers: { 'Upload-Ticket': pass.ticket },
      onUploadUrlAvailable: () => { item.id = item.transfer.url.split('/').pop(); memory.set(place, item.transfer.url); this.pick(item) },
      onProgress: (sent) => {
        const now = performance.now()
        if (now - mark.at > 700) { const r = ((sent - mark.sent) / (now - mark.at)) * 1000; item.rate = item.rate ? item.rate * 0.6 + r * 0.4 : r; mark = { at: now, sent } }
        item.sent = sent
        item.progress()
      },
      onShouldRetry: (error) => { const s = error.originalResponse?.getStatus() ?? 0; return s === 0 || s === 423 || s === 503 || s === 502 || s === 409 },
      onSuccess: () => { memory.drop(place); item.rate = 0; item.become('examining', { sent: item.size }); this.ask(item) },
      onError: (error) => this.failed(item, error, place),
    })
    item.transfer.start()
  }

  pick(item) { const choice = item.line.querySelector('select'); if (choice) choice.name = `place.${item.id}` }

  failed(item, error, place) {
    const answer = error.originalResponse, status = answer?.getStatus() ?? 0
    item.rate = 0
    if (status === 404 || status === 410) { memory.drop(place); if (!item.twice) { item.twice = true; item.state = 'queued'; return this.start(item) } }
    if (status === 401) { this.pass = null; item.become('broken', { why: '上传凭证已过期' }); return this.later(item, 500) }
    if (status >= 400 && status < 500 && status !== 423) {
      let told = {}
      try { told = JSON.parse(answer.getBody()) } catch { /* no sentence from the server */ }
      memory.drop(place)
      item.become('refused', { file: null, refusal: { sentence: (told.title ?? '文件没有通过检查。').replace(/^未接收：/, ''), way_out: told.way_out ?? '' } })
      this.speak(`${item.filename} 未接收：${item.refusal.sentence}`)
      return this.next()
    }
    item.become('broken', { why: `${new Date().toTimeString().slice(0, 8)} 网络中断` })
    this.speak(`${item.filename} 上传中断，恢复后自动续传`)
    this.later(item)
    this.next()
  }

  later(item, pause = 6000) { setTimeout(() => { if (item.state === 'broken' && navigator.onLine) this.start(item) }, pause) }

  // What the server found in the file: digests, pages, warnings or a refusal.
  async ask(item) {
    try {
      const pass = await this.ticket()
      const answer = await fetch(`${pass.url}/${item.id}`, { headers: { 'Upload-Ticket': pass.ticket } })
      const row = await answer.json()
      if (!answer.ok) return
      if (row.state === 'stored' || row.state === 'refused') {
        item.become(row.state, { pages: row.pages, sm3: row.sm3, warnings: row.warnings ?? [], refusal: row.refusal, finished_at: row.finished_at })
        this.speak(row.state === 'stored' ? `${item.filename} 已接收` : `${item.filename} 未接收：${row.refusal?.sentence ?? ''}`)
        this.tell(row.state === 'stored' ? (item.place.startsWith('evidence:') ? 'redraw' : 'placed') : 'placed')
      }
    } catch { /* asked again by the timer */ }
    this.next()
  }

  poll() { this.items.filter((i) => i.state === 'examining').forEach((i) => this.ask(i)) }

  // Removing can be taken back; only then does the server let go.
  remove_(item) {
    item.transfer?.abort()
    const before = { state: item.state === 'sending' || item.state === 'queued' ? 'paused' : item.state, place: item.place }
    const next = item.line.nextElementSibling
    const line = el('li', 'undo'), back = el('button', 'btn btn--sm', '撤销')
    back.type = 'button'
    line.append(icon('info'), el('span', '', `已移除“${item.filename}”`), back)
    if (item.id && item.state === 'stored' && this.places) { const gone = Object.assign(el('input'), { type: 'hidden', name: `place.${item.id}`, value: 'removed' }); line.append(gone) }
    item.line.replaceWith(line)
    this.take(item, true)
    back.focus()
    this.speak(`已移除 ${item.filename}，可以撤销`)
    this.tell('placed')
    this.going = new Set([...(this.going ?? []), ...(before.state === 'stored' ? [] : [item])])
    const finish = setTimeout(() => { if (this.going.delete(item)) this.discard(item); if (!line.querySelector('input')) line.remove(); else line.hidden = true; if (document.activeElement === document.body) (next ?? this.input).focus?.() }, UNDO)
    back.addEventListener('click', () => {
      clearTimeout(finish)
      this.going.delete(item)
      this.items.push(item)
      line.replaceWith(item.line)
      item.become(before.state, { place: before.place })
      item.line.focus()
      this.tell('placed')
      this.next()
    })
    this.next()
  }

  take(item, keep = false) { this.items = this.items.filter((i) => i !== item); if (!keep) item.line.remove(); this.count() }
  forget(item) { if (item.id) this.discard(item) }
  async discard(item) {
    if (!item.id) return
    try {
      const pass = await this.ticket()
      await fetch(`${pass.url}/${item.id}`, { method: 'DELETE', keepalive: true, headers: { 'Upload-Ticket': pass.ticket, 'Tus-Resumable': '1.0.0' } })
      if (item.file) memory.drop(memory.key(item.file, this.getAttribute('ticket-url')))
    } catch { /* unfinished uploads expire by themselves */ }
  }

  busy() { return this.items.some((i) => ['sending', 'queued', 'examining'].includes(i.state)) }
  speak(text) { this.live.textContent = text }
  count() {
    const out = document.getElementById('up-count')
    if (out) out.textContent = `${this.items.length} 个文件 · 已接收 ${this.items.filter((i) => i.state === 'stored').length} 个`
    this.dispatchEvent(new CustomEvent('upload-box:busy', { bubbles: true, detail: { busy: this.busy() } }))
  }
  tell(what) { this.count(); this.dispatchEvent(new CustomEvent(`upload-box:${what}`, { bubbles: true })) }
})

// Files of a drop, folders opened.
async function dropped(transfer) {
  const entries = [...transfer.items].map((i) => i.webkitGetAsEntry?.()).filter(Boolean)
  if (!entries.length) return [...transfer.files]
  const files = []
  const walk = async (entry) => {
    if (entry.isFile) { files.push(await new Promise((ok, no) => entry.file(ok, no))); return }
    const reader = entry.createReader()
    for (;;) {
      const some = await new Promise((ok, no) => reader.readEntries(ok, no))
      if (!some.length) return
      for (const inner of some) await walk(inner)
    }
  }
  try { for (const entry of entries) await walk(entry) } catch { toast('有文件读不出来，请改用“选择文件”') }
  return files
}
