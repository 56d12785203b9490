// <dossier-viewer>: the pages of one document as pictures. The server draws the first pages, this adds the others,
// asks for those that have no picture yet, and does zoom, rotation, thumbnails, keys, watermark and print.
const ZOOMS = [0.5, 0.67, 0.75, 0.9, 1, 1.25, 1.5, 2, 2.5, 3]
const PAD = 16
const POLL = 1500
const PATIENCE = 120000
const token = () => document.cookie.match(/(?:^|; )lutong-csrf=([^;]+)/)?.[1] ?? ''
const memory = {
  get(key) { try { return localStorage.getItem(key) } catch { return null } },
  set(key, value) { try { localStorage.setItem(key, value) } catch { /* the next visit begins at the default */ } },
}
const numbers = (spans) => spans.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))

export function watermark(text) {
  const tile = document.createElement('canvas'), pen = tile.getContext('2d')
  tile.width = 420
  tile.height = 260
  pen.translate(210, 130)
  pen.rotate(-Math.PI / 8)
  pen.font = '15px sans-serif'
  pen.textAlign = 'center'
  pen.fillStyle = 'rgba(26, 35, 51, .13)'
  pen.fillText(text, 0, 0)
  return `url("${tile.toDataURL()}")`
}

class DossierViewer extends HTMLElement {
  connectedCallback() {
    if (this.pane) return
    this.pane = this.querySelector('.vw__scroll')
    this.strip = this.querySelector('.vw__thumbs')
    this.box = this.querySelector('.vw__bar .vw__n')
    this.dialog = this.querySelector('.vw__dlg')
    this.live = this.querySelector('[role=status]')
    this.ready = new Set(numbers(JSON.parse(this.dataset.ready)))
    this.blank = new Set()
    this.asked = new Map()
    this.turns = 0
    this.now = 1
    this.collect()
    this.classList.add('is-live')
    this.style.setProperty('--mark', watermark(this.dataset.mark))
    const kept = memory.get('lutong-zoom')
    this.zoom = kept && kept !== 'fit' && Number(kept) > 0 ? Number(kept) : 'fit'
    this.layout()
    this.listen()
    if (!this.classList.contains('vw--in')) {
      if (matchMedia('(min-width: 1181px)').matches) this.thumbs(true)
      const wanted = Number(location.hash.match(/^#page=(\d{1,4})$/)?.[1] ?? 0)
      if (wanted > 1) requestAnimationFrame(() => this.go(wanted))
    }
    this.look()
  }

  disconnectedCallback() {
    this.resized?.disconnect()
    document.removeEventListener('keydown', this.keys)
    removeEventListener('afterprint', this.printed)
    clearTimeout(this.timer)
  }

  // Every page: its own size in CSS pixels, its frame and its picture.
  collect() {
    const sizes = JSON.parse(this.dataset.shapes).flatMap(([count, width, height]) => Array.from({ length: count }, () => [width, height]))
    const frames = [...this.pane.querySelectorAll('.vw__page')]
    this.pages = sizes.map(([width, height], i) => {
      const frame = frames[i] ?? this.pane.appendChild(this.frame(i + 1, width, height))
      const page = { n: i + 1, width, height, frame, picture: frame.firstElementChild }
      this.mind(page)
      return page
    })
    this.widest = Math.max(...this.pages.map((p) => p.width))
    this.tallest = Math.max(...this.pages.map((p) => p.height))
  }

  frame(n, width, height) {
    const frame = document.createElement('figure'), picture = new Image(width, height)
    frame.className = 'vw__page'
    frame.dataset.n = n
    picture.loading = 'lazy'
    picture.decoding = 'async'
    picture.alt = `《${this.dataset.title}》第 ${n} 页的图像`
    if (this.ready.has(n)) picture.src = this.address(n, 'page')
    frame.append(picture)
    return frame
  }

  address(n, size) { return `${this.dataset.pagesUrl}${n}/${size}` }

  mind(page) {
    const { frame, picture, n } = page
    frame.dataset.said = `第 ${n} 页`
    if (picture.complete && picture.naturalWidth) frame.classList.add('is-there')
    picture.addEventListener('load', () => { frame.classList.add('is-there'); frame.classList.remove('is-broken') })
    picture.addEventListener('error', () => {
      if (!picture.hasAttribute('src')) return
      frame.classList.remove('is-there')
      frame.classList.add('is-broken')
      if (frame.querySelector('button')) return
      const again = document.createElement('button')
      again.type = 'button'
      again.className = 'btn btn--sm'
      again.textContent = `第 ${n} 页未能显示，重试`
      again.addEventListener('click', () => { again.remove(); picture.src = `${this.address(n, 'page')}?again=${Date.now()}` })
      frame.append(again)
    })
  }

  listen() {
    this.addEventListener('click', (e) => {
      const act = e.target.closest('[data-act]')?.dataset.act
      if (act) this.act(act)
      const thumb = e.target.closest('[data-go]')
      if (thumb) this.go(Number(thumb.dataset.go))
    })
    this.box.addEventListener('change', () => this.go(parseInt(this.box.value, 10) || this.now))
    this.box.addEventListener('keydown', (e) => { if (e.key === 'Enter') { e.preventDefault(); this.go(parseInt(this.box.value, 10) || this.now); this.pane.focus() } })
    this.pane.addEventListener('scroll', () => { if (!this.waiting) { this.waiting = true; requestAnimationFrame(() => { this.waiting = false; this.look() }) } }, { passive: true })
    this.resized = new ResizeObserver(() => { if (this.zoom === 'fit' && this.seenWidth !== this.pane.clientWidth) this.layout() })
    this.resized.observe(this.pane)
    this.keys = (e) => this.key(e)
    document.addEventListener('keydown', this.keys)
    this.dialog.querySelector('form').addEventListener('submit', (e) => { e.preventDefault(); this.print() })
    this.dialog.addEventListener('keydown', (e) => e.stopPropagation())
    this.printed = () => this.pane.querySelectorAll('.is-print').forEach((f) => f.classList.remove('is-print'))
    addEventListener('afterprint', this.printed)
  }

  key(e) {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName ?? ''), mine = this.contains(e.target)
    // Embedded, the keys are ours only inside; on the page of its own also when nothing else has the focus.
    const elsewhere = this.classList.contains('vw--in') ? !mine : !mine && e.target !== document.body && e.target.id !== 'main'
    if (typing || elsewhere || e.ctrlKey || e.metaKey || e.altKey || this.dialog.open) return
    const act = { ArrowLeft: 'prev', PageUp: 'prev', ArrowRight: 'next', PageDown: 'next', '+': 'in', '=': 'in', '-': 'out', 0: 'fit', r: 'turn', R: 'turn', Home: 'first', End: 'last' }[e.key]
    if (act) { e.preventDefault(); this.act(act) }
  }

  act(act) {
    const scale = this.scale
    if (act === 'prev') this.go(this.now - 1)
    else if (act === 'next') this.go(this.now + 1)
    else if (act === 'first') this.go(1)
    else if (act === 'last') this.go(this.pages.length)
    else if (act === 'in') this.set(ZOOMS.find((z) => z > scale + 0.01) ?? 3)
    else if (act === 'out') this.set([...ZOOMS].reverse().find((z) => z < scale - 0.01) ?? 0.5)
    else if (act === 'fit') this.set('fit')
    else if (act === 'turn') { this.turns = (this.turns + 1) % 4; this.layout(); this.say(`已旋转 ${this.turns * 90} 度`) }
    else if (act === 'thumbs') this.thumbs(this.strip.hidden)
    else if (act === 'print') this.ask()
  }

  set(zoom) {
    this.zoom = zoom
    memory.set('lutong-zoom', String(zoom))
    this.layout()
    this.say(`缩放 ${Math.round(this.scale * 100)}%`)
  }

  layout() {
    const side = this.turns % 2, wide = side ? this.tallest : this.widest
    this.seenWidth = this.pane.clientWidth
    this.scale = this.zoom === 'fit' ? Math.min(3, Math.max(0.1, (this.pane.clientWidth - 2 * PAD) / wide)) : this.zoom
    const anchor = this.now
    for (const page of this.pages) {
      const width = Math.round(page.width * this.scale), height = Math.round(page.height * this.scale)
      Object.assign(page.frame.style, { width: `${side ? height : width}px`, height: `${side ? width : height}px` })
      Object.assign(page.picture.style, { width: `${width}px`, height: `${height}px`, transform: `translate(-50%, -50%) rotate(${this.turns * 90}deg)` })
    }
    this.querySelector('.vw__z').value = `${Math.round(this.scale * 100)}%`
    this.querySelector('[data-act=fit]').setAttribute('aria-pressed', this.zoom === 'fit')
    if (anchor > 1) this.go(anchor, false)
  }

  go(n, tell = true) {
    const page = this.pages[Math.min(Math.max(n, 1), this.pages.length) - 1]
    this.pane.scrollTop = page.frame.offsetTop - PAD
    this.look()
    if (tell) this.say(`第 ${page.n} 页，共 ${this.pages.length} 页`)
  }

  at(top) {
    let low = 0, high = this.pages.length - 1
    while (low < high) {
      const middle = (low + high) >> 1, { frame } = this.pages[middle]
      if (frame.offsetTop + frame.offsetHeight < top) low = middle + 1; else high = middle
    }
    return low
  }

  look() {
    const { scrollTop, clientHeight, scrollHeight } = this.pane
    const end = scrollHeight > clientHeight && scrollTop + clientHeight >= scrollHeight - 2
    this.now = (end ? this.pages.length - 1 : this.at(scrollTop + clientHeight / 3)) + 1
    if (document.activeElement !== this.box) this.box.value = this.now
    this.querySelector('[data-act=prev]').disabled = this.now === 1
    this.querySelector('[data-act=next]').disabled = this.now === this.pages.length
    this.strip.querySelector('[aria-current]')?.removeAttribute('aria-current')
    const thumb = this.strip.querySelector(`[data-go="${this.now}"]`)
    if (thumb) {
      thumb.setAttribute('aria-current', 'true')
      const gap = thumb.offsetTop - this.strip.scrollTop
      if (gap < 0 || gap > this.strip.clientHeight - thumb.offsetHeight) this.strip.scrollTop = thumb.offsetTop - this.strip.clientHeight / 3
      this.strip.scrollLeft = thumb.offsetLeft - this.strip.clientWidth / 2
    }
    if (!this.classList.contains('vw--in')) {
      clearTimeout(this.noted)
      this.noted = setTimeout(() => history.replaceState(history.state, '', this.now > 1 ? `#page=${this.now}` : location.pathname + location.search), 400)
    }
    this.missing()
  }

  seen() {
    const { scrollTop, clientHeight } = this.pane
    return this.pages.slice(this.at(scrollTop - clientHeight), this.at(scrollTop + 2 * clientHeight) + 1)
  }

  // Pages in sight without a picture: ask once for each stretch, then look until they are there.
  missing() {
    const lacking = (this.need ?? this.seen()).filter((p) => !this.ready.has(p.n) && !this.blank.has(p.n))
    if (!lacking.length || this.timer) return
    for (const { n } of lacking) {
      const stretch = Math.floor((n - 1) / 20)
      if (Date.now() - (this.asked.get(stretch) ?? 0) < PATIENCE) continue
      this.asked.set(stretch, Date.now())
      fetch(this.dataset.wantUrl, { method: 'POST', headers: { 'X-CSRFToken': token() }, body: new URLSearchParams({ page: n }) }).catch(() => this.asked.delete(stretch))
    }
    for (const { frame, n } of lacking) frame.dataset.said = `第 ${n} 页正在生成…`
    this.timer = setTimeout(async () => {
      try { this.arrived(await (await fetch(this.dataset.stateUrl)).json()) } catch { /* the line is down: ask again */ }
      this.timer = 0
      this.missing()
    }, POLL)
  }

  arrived({ state, ready, blank }) {
    if (state !== 'ready') { location.reload(); return }
    this.blank = new Set(numbers(blank))
    for (const n of numbers(ready)) {
      if (this.ready.has(n)) continue
      this.ready.add(n)
      this.pages[n - 1].picture.src = this.address(n, 'page')
      const thumb = this.strip.querySelector(`[data-go="${n}"] img`)
      if (thumb) thumb.src = this.address(n, 'thumb')
    }
    for (const n of this.blank) this.pages[n - 1].frame.dataset.said = `第 ${n} 页不能绘制成图像，请用文本阅读或下载原件`
  }

  thumbs(open) {
    this.strip.hidden = !open
    this.querySelector('[data-act=thumbs]').setAttribute('aria-pressed', open)
    if (open && !this.strip.children.length) {
      for (const { n, width, height } of this.pages) {
        const button = document.createElement('button'), picture = new Image(72, Math.round((72 * height) / width)), label = document.createElement('span')
        button.type = 'button'
        button.dataset.go = n
        button.setAttribute('aria-label', `第 ${n} 页`)
        picture.loading = 'lazy'
        picture.alt = ''
        if (this.ready.has(n)) picture.src = this.address(n, 'thumb')
        label.textContent = n
        button.append(picture, label)
        this.strip.append(button)
      }
    }
    this.layout()
    this.look()
  }

  ask() {
    const { first, last } = this.dialog.querySelector('form').elements, most = Number(this.dataset.most)
    first.value = this.pages.length > most ? this.now : 1
    last.value = Math.min(this.pages.length, Number(first.value) + most - 1)
    this.dialog.querySelector('[role=alert]').hidden = true
    this.dialog.showModal()
  }

  async print() {
    const { first, last } = this.dialog.querySelector('form').elements, alert = this.dialog.querySelector('[role=alert]')
    const refuse = (text) => { alert.textContent = text; alert.hidden = false }
    const from = parseInt(first.value, 10), to = parseInt(last.value, 10)
    if (!(from >= 1 && to >= from && to <= this.pages.length)) return refuse(`请填 1 至 ${this.pages.length} 之间的页码，起页不大于止页`)
    let answer
    try {
      answer = await fetch(this.dataset.printUrl, { method: 'POST', headers: { 'X-CSRFToken': token(), Accept: 'application/json' }, body: new URLSearchParams({ first: from, last: to }) })
    } catch { return refuse('连接中断，请稍后再试') }
    if (!answer.ok) return refuse(answer.status === 409 ? `一次最多打印 ${this.dataset.most} 页` : '现在不能打印，请刷新页面后再试')
    refuse(`正在准备 ${to - from + 1} 页…`)
    const wanted = this.pages.slice(from - 1, to)
    this.need = wanted
    for (const { picture } of wanted) picture.loading = 'eager'
    this.missing()
    const there = await this.settled(wanted)
    this.need = undefined
    if (!there) return refuse('有页面还没有生成，请稍候再打印')
    this.dialog.close()
    for (const { frame } of wanted) frame.classList.add('is-print')
    window.print()
    return undefined
  }

  async settled(pages) {
    const end = Date.now() + PATIENCE
    while (Date.now() < end) {
      if (pages.every((p) => this.blank.has(p.n) || (p.picture.complete && p.picture.naturalWidth))) return true
      await new Promise((next) => setTimeout(next, 300))
    }
    return false
  }

  say(text) { this.live.textContent = text }
}
customElements.define('dossier-viewer', DossierViewer)

// The list of papers beside an embedded viewer shows which one is open.
document.addEventListener('click', (e) => {
  const link = e.target.closest('[hx-target="#viewer"]')
  if (!link) return
  link.parentElement.querySelectorAll('[aria-current]').forEach((other) => other.removeAttribute('aria-current'))
  link.setAttribute('aria-current', 'page')
})
