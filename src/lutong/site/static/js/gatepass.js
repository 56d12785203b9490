// 一码通: asks for a code, draws it, and asks for the next one before it is stale. Nothing is kept anywhere.
import { draw } from './qrcode.js'

const SKEW = 60_000 // milliseconds by which this device's clock may differ before we say so

customElements.define('gate-code', class extends HTMLElement {
  connectedCallback() {
    this.bit = (name) => this.querySelector(`[data-${name}]`)
    this.addEventListener('click', (event) => {
      const choice = event.target.closest('[data-place]')
      if (choice) this.choose(choice, true)
      if (event.target.closest('[data-again]')) this.renew()
      if (event.target.closest('[data-full]')) this.full()
    })
    document.addEventListener('visibilitychange', () => this.look())
    window.addEventListener('online', () => { if (this.wanted && !this.asking) this.renew() })
    window.addEventListener('offline', () => this.say('网络已断开，当前的码到期后不再显示'))
    document.addEventListener('fullscreenchange', () => this.showFull())
    const first = this.querySelector('[data-first]')
    if (first) this.choose(first, false)
  }

  disconnectedCallback() { clearInterval(this.ticking) }

  choose(choice, byHand) {
    for (const one of this.querySelectorAll('[data-place]')) one.setAttribute('aria-pressed', String(one === choice))
    const { court, purpose, place } = choice.dataset
    this.wanted = { court_id: Number(court), purpose, place }
    this.code = null
    this.renew()
    if (byHand && matchMedia('(max-width: 980px)').matches) {
      const still = matchMedia('(prefers-reduced-motion: reduce)').matches
      this.bit('panel').scrollIntoView({ behavior: still ? 'auto' : 'smooth', block: 'start' })
      this.bit('panel').focus({ preventScroll: true })
    }
  }

  async renew() {
    const wanted = this.wanted
    this.asking = true
    const sent = performance.now()
    try {
      const answer = await fetch(this.dataset.url, {
        method: 'POST', body: JSON.stringify(wanted), cache: 'no-store',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token() }, signal: AbortSignal.timeout(8000),
      })
      if (wanted !== this.wanted) return
      const said = await answer.json()
      if (answer.ok) this.show(said, sent)
      else this.refuse(answer.status, said)
    } catch {
      if (wanted === this.wanted) this.lost()
    } finally {
      this.asking = false
    }
  }

  show(said, sent) {
    const arrived = performance.now()
    const server = Date.parse(said.now) + (arrived - sent) / 2 // when the answer arrived, by the server's clock
    const left = Date.parse(said.until) - server
    this.code = { renewAt: arrived + Math.min(said.refresh_after * 1000, left), until: arrived + left, every: said.refresh_after }
    this.bit('empty').hidden = true
    this.bit('code').hidden = false
    this.bit('veil').hidden = true
    this.bit('full').hidden = false
    this.bit('label').textContent = said.label
    draw(said.text, this.bit('symbol'))
    this.warn(Date.now() - server)
    if (!this.told) this.say(`正在出示：${said.label}`)
    this.told = true
    this.bit('count-line').hidden = false
    clearInterval(this.ticking)
    this.ticking = setInterval(() => this.tick(), 250)
    this.tick()
  }

  tick() {
    if (!this.code) return
    const now = performance.now()
    const left = Math.max(0, Math.ceil((this.code.renewAt - now) / 1000))
    this.bit('seconds').textContent = left
    this.bit('bar').className = `w${Math.max(0, Math.min(20, Math.round((left / this.code.every) * 20)))}`
    if (now >= this.code.until) this.hide('码已到期', navigator.onLine ? '正在获取新码' : '网络已断开，接通后自动恢复；也可凭执业证到诉讼服务大厅领取通行条')
    if (now >= this.code.renewAt && !this.asking && !document.hidden && now >= (this.retryAt ?? 0)) this.renew()
  }

  lost() {
    this.retryAt = performance.now() + 3000
    if (!this.code || performance.now() >= this.code.until) {
      this.hide('暂时取不到新码', '请检查网络；也可凭执业证到诉讼服务大厅领取通行条')
    }
    this.say('网络不通，正在重试')
    clearInterval(this.ticking)
    this.ticking = setInterval(() => this.tick(), 250)
    this.code ??= { renewAt: 0, until: 0, every: 20 }
  }

  refuse(status, said) {
    this.code = null
    this.told = false
    clearInterval(this.ticking)
    const text = status === 401 ? '登录已失效，请重新登录' : said.title
    this.hide('不能出示', said.remedy ? `${text} ${said.remedy}` : text)
    this.say(text)
  }

  hide(title, text) {
    this.bit('empty').hidden = true
    this.bit('code').hidden = false
    this.bit('symbol').replaceChildren()
    this.bit('veil').hidden = false
    this.bit('veil-title').textContent = title
    this.bit('veil-text').textContent = text
    this.bit('count-line').hidden = true
    this.told = false
  }

  warn(skew) {
    const line = this.bit('skew')
    line.hidden = Math.abs(skew) < SKEW
    line.textContent = `本机时间比标准时间${skew > 0 ? '快' : '慢'} ${Math.round(Math.abs(skew) / 60_000)} 分钟。码按法院的时间签发，不受影响；建议校准手机时间。`
  }

  look() {
    if (!document.hidden && this.code && performance.now() >= this.code.renewAt && !this.asking) this.renew()
  }

  async full() {
    const panel = this.bit('panel')
    if (document.fullscreenElement) return document.exitFullscreen()
    try { await panel.requestFullscreen() } catch { panel.classList.toggle('is-full'); this.showFull() }
  }

  showFull() {
    const on = Boolean(document.fullscreenElement) || this.bit('panel').classList.contains('is-full')
    this.bit('full').textContent = on ? '退出全屏' : '全屏出示'
  }

  say(text) { this.bit('status').textContent = text }
})

function token() {
  return JSON.parse(document.body.getAttribute('hx-headers:inherited') ?? '{}')['X-CSRFToken'] ?? ''
}
