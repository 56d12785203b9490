// The verifying page: reads a code by camera, picture, paste or from the address, and says what it states.
import { decodeQR } from '../vendor/qr/decode.js'
import { check, METHODS, REASONS } from './check.js'

const KINDS = { full_time: '专职律师', part_time: '兼职律师', public: '公职律师', corporate: '公司律师', legal_aid: '法律援助律师', military: '军队律师', trainee: '实习人员', grassroots: '基层法律服务工作者' }
const STATUSES = { active: '正常执业', suspended: '停止执业', revoked: '吊销执业证书', cancelled: '注销执业证书' }
const LARGEST = 1200 // pixels of a side that the reader looks at

function live({ v, lvd, lvm }) {
  if (v < 2) return '本码未载明（旧版）'
  return lvd ? `${lvd}${lvm ? `，${METHODS[lvm]}` : ''}` : '没有记录'
}

function age(seconds) {
  if (seconds < 120) return `${Math.max(0, seconds)} 秒前`
  if (seconds < 7200) return `${Math.floor(seconds / 60)} 分钟前`
  return seconds < 172800 ? `${Math.floor(seconds / 3600)} 小时前` : `${Math.floor(seconds / 86400)} 天前`
}

customElements.define('card-check', class extends HTMLElement {
  connectedCallback() {
    this.published = JSON.parse(this.querySelector('#card-keys').textContent)
    this.part('keys').textContent = `公布的公钥 ${this.published.keys.length} 个：${this.published.keys.map((one) => `${one.alg} ${one.kid}`).join('，')}`
    this.part('form').addEventListener('submit', (event) => { event.preventDefault(); this.judge(event.target.card.value) })
    this.part('scan').addEventListener('click', () => this.scan())
    this.part('stop').addEventListener('click', () => this.stop())
    this.part('picture').addEventListener('change', (event) => { this.picture(event.target.files[0]); event.target.value = '' })
    window.addEventListener('hashchange', () => this.fromAddress())
    window.addEventListener('pagehide', () => this.stop())
    if (navigator.serviceWorker) navigator.serviceWorker.register(this.dataset.worker, { scope: location.pathname }).catch(() => {})
    this.fromAddress()
  }

  part(name) { return this.querySelector(`[data-${name}]`) }

  fromAddress() {
    if (location.hash.length < 2) return
    const text = decodeURIComponent(location.hash.slice(1))
    history.replaceState(null, '', location.pathname)
    this.judge(text)
  }

  async scan() {
    const view = this.part('view')
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } })
    } catch { return this.say('没有得到摄像头。请在浏览器设置中允许，或者选择图片、粘贴二维码内容。') }
    view.srcObject = this.stream
    view.hidden = this.part('stop').hidden = false
    this.part('scan').hidden = true
    await view.play()
    const look = () => {
      if (!this.stream) return
      const text = this.read(view, view.videoWidth, view.videoHeight)
      if (text) { this.stop(); this.judge(text) } else setTimeout(look, 120)
    }
    look()
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    this.stream = null
    this.part('view').hidden = this.part('stop').hidden = true
    this.part('scan').hidden = false
  }

  async picture(file) {
    if (!file) return
    try {
      const image = await createImageBitmap(file)
      const text = this.read(image, image.width, image.height)
      if (text) this.judge(text)
      else this.say('图片里没有找到二维码，请拍得更近、更清楚，或者粘贴二维码内容。')
    } catch { this.say('不能读取这个文件，请选择图片。') }
  }

  read(source, width, height) {
    if (!width) return ''
    const scale = Math.min(1, LARGEST / Math.max(width, height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    pen.drawImage(source, 0, 0, canvas.width, canvas.height)
    try { return decodeQR(pen.getImageData(0, 0, canvas.width, canvas.height)) } catch { return '' }
  }

  say(text) {
    const line = document.createElement('p')
    line.textContent = text
    this.part('result').replaceChildren(line)
  }

  async judge(text) {
    const now = Math.floor(Date.now() / 1000)
    let found = await check(text, this.published, now)
    if (found.reason === 'unknown_key' && await this.renewKeys()) found = await check(text, this.published, now)
    this.tell(text, found, now)
  }

  async renewKeys() {
    try {
      const answer = await fetch(this.dataset.published, { cache: 'no-store' })
      if (answer.ok) this.published = await answer.json()
      return answer.ok
    } catch { return false }
  }

  tell(text, { reason, claims }, now) {
    const result = this.part('result')
    result.replaceChildren(this.querySelector('template').content.cloneNode(true))
    const verdict = result.querySelector('[data-verdict]')
    const good = !reason
    verdict.className = `vc-verdict vc-verdict--${!good ? 'bad' : claims.sta === 'active' ? 'ok' : 'warn'}`
    verdict.textContent = good ? `签名有效，签发时${STATUSES[claims.sta] ?? claims.sta}` : `不予认可：${REASONS[reason]}`
    if (!claims) result.replaceChildren(verdict)
    else this.facts(result, text, claims, now)
    document.getElementById('vc-out').focus()
  }

  facts(result, text, claims, now) {
    const shown = { ...claims, lvd: live(claims), knd: KINDS[claims.knd] ?? claims.knd, sta: STATUSES[claims.sta] ?? claims.sta, snc: `（自 ${claims.snc} 起；签发时的状态）`, iat: new Date(claims.iat * 1000).toLocaleString('zh-CN', { hour12: false, timeZone: 'Asia/Shanghai' }) }
    for (const slot of result.querySelectorAll('[data-f]')) slot.textContent = shown[slot.dataset.f]
    result.querySelector('[data-age]').textContent = age(now - claims.iat)
    result.querySelector('[data-note]').textContent = claims.use === 'print'
      ? '纸质打印件：请核对打印件上的姓名、照片与本人；现时状态请联网查询。'
      : '请核对屏幕上的照片与本人。'
    result.querySelector('[data-ask]').addEventListener('click', () => this.ask(result, text))
  }

  async ask(result, text) {
    const place = result.querySelector('[data-present]')
    place.textContent = '正在查询……'
    try {
      const answer = await fetch(this.dataset.now, { method: 'POST', body: text.trim().slice(text.trim().lastIndexOf('#') + 1), headers: { 'Content-Type': 'text/plain' } })
      const told = await answer.json()
      place.textContent = answer.ok ? `现时状态：${told.label}，自 ${told.since} 起，${told.firm}${told.unchanged ? '；与签发时相同。' : '；签发后有变更，以现时状态为准。'}` : told.problem
      if (told.photo) {
        const photo = document.createElement('img')
        photo.src = told.photo
        photo.alt = '名册照片'
        photo.className = 'vc-photo'
        place.append(photo)
      }
    } catch { place.textContent = '没有网络，不能查询现时状态。签名核验不受影响。' }
  }
})
