// The own card: draws the code here, renews it before it expires, stops while nobody looks, says when it cannot.
import { encode } from '../vendor/uqr.mjs'

const SVG = 'http://www.w3.org/2000/svg'
const EARLY = 10 // seconds before the end

customElements.define('lawyer-card', class extends HTMLElement {
  connectedCallback() {
    this.life = Number(this.dataset.seconds)
    this.born = -Infinity
    if (this.part('code').dataset.text) this.draw(this.part('code').dataset.text)
    else this.renew()
    this.part('full').addEventListener('click', () => this.full(true))
    this.part('leave').addEventListener('click', () => this.full(false))
    this.part('renew').addEventListener('click', () => this.renew())
    document.addEventListener('fullscreenchange', () => { if (!document.fullscreenElement) this.full(false) })
    document.addEventListener('keydown', (event) => { if (event.key === 'Escape') this.full(false) })
    document.addEventListener('visibilitychange', () => { if (!document.hidden) { this.tick(); this.stayAwake() } })
    window.addEventListener('online', () => this.renew())
    this.timer = setInterval(() => this.tick(), 1000)
  }

  disconnectedCallback() { clearInterval(this.timer) }

  part(name) { return this.querySelector(`[data-${name}]`) }

  draw(text) {
    const { data, size } = encode(text, { ecc: 'L', border: 2 })
    const picture = document.createElementNS(SVG, 'svg')
    picture.setAttribute('viewBox', `0 0 ${size} ${size}`)
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', data.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join(''))
    picture.append(path)
    this.part('code').replaceChildren(picture)
    this.born = performance.now() // not the clock on the wall, which may be wrong
    this.tick()
  }

  tick() {
    if (document.hidden) return // nobody looks: no question to the server
    const left = Math.ceil(this.life - (performance.now() - this.born) / 1000)
    if (left <= EARLY && !this.busy && navigator.onLine) this.renew()
    this.classList.toggle('lz--over', left <= 0)
    this.classList.toggle('lz--off', !navigator.onLine)
    const words = left > 0 ? `${left} 秒内有效` : '二维码已过期'
    this.say(navigator.onLine ? (left > 0 ? words : '二维码已过期，正在更新……') : `没有网络，${words}${left > 0 ? '' : '，联网后自动更新'}`)
  }

  picture(address) {
    const photo = new Image(150, 190)
    photo.alt = '名册照片'
    photo.src = address
    this.querySelector('.lz__photo').replaceChildren(photo)
  }

  say(text) { const line = this.part('clock'); if (line.textContent !== text) line.textContent = text }

  async renew() {
    if (this.busy) return
    this.busy = true
    try {
      const token = this.querySelector('[name=csrfmiddlewaretoken]')
      const answer = await fetch(this.dataset.next, {
        method: token ? 'POST' : 'GET', cache: 'no-store',
        headers: { Accept: 'application/json', ...(token && { 'Content-Type': 'application/json', 'X-CSRFToken': token.value }) },
      })
      if (answer.redirected || answer.status === 401) return location.reload() // signed out meanwhile
      const told = await answer.json()
      if (!answer.ok) return this.say(told.title ?? '暂时不能更新，稍后自动重试')
      this.part('firm').textContent = told.firm
      this.part('status').textContent = told.label
      this.className = `lz lz--${told.status}`
      if (told.photo && !this.querySelector('.lz__photo img')) this.picture(told.photo)
      this.draw(told.address)
    } catch { this.say('暂时不能更新，稍后自动重试') } finally { setTimeout(() => { this.busy = false }, 3000) }
  }

  async full(on) {
    if (this.isFull === on) return
    this.isFull = on
    document.body.classList.toggle('lz-full', on)
    this.part('full').hidden = on
    this.part('leave').hidden = !on
    try {
      if (on) await document.documentElement.requestFullscreen({ navigationUI: 'hide' })
      else if (document.fullscreenElement) await document.exitFullscreen()
    } catch { /* phones without it still get the large view */ }
    this.stayAwake()
    this.part(on ? 'leave' : 'full').focus()
  }

  async stayAwake() {
    try {
      if (this.isFull && !document.hidden) this.lock = await navigator.wakeLock?.request('screen')
      else await this.lock?.release()
    } catch { /* the screen may go dark: a touch brings it back */ }
  }
})
