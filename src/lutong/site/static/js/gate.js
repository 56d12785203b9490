// The page of the tablet at the door. Asks the server while it can; judges alone for 24 hours when it cannot.
import { judge } from './gate-rules.js'
import { open } from './gate-store.js'

const SYNC_EVERY = 30_000, PATIENCE = 2500, PHOTOS_AT_ONCE = 40, HELD_BEFORE_LENS = 3000, CLOCK_JUMP = 5000
const part = (name) => document.querySelector(`[data-${name}]`)
let forgetful = false // nothing is kept on this device: say so, and go on
const store = await open((error) => { forgetful = true; console.warn('gate: nothing is kept on this device', error?.name) })
const gate = { token: await store.get('token'), bundle: await store.get('bundle') ?? null, offset: (await store.get('offset')) ?? 0, online: false, seq: (await store.get('seq')) ?? 0, latest: (await store.get('latest')) ?? 0 }
if (gate.bundle) gate.bundle.issued = (await store.get('issued')) ?? gate.bundle.issued
let anchor = null, camera = null, facing = 'user', lastSeen = { text: '', at: 0 }, back = 0, syncing = null

// ---- time: the server's clock, carried on without it. Of doubtful clocks the later one counts, and never less than
// at the last scan, so a stale code never passes; a clock that was put forward refuses good codes and says so.
function now() {
  const byWall = Date.now() + gate.offset
  return Math.max(byWall, gate.latest, anchor ? anchor.server + performance.now() - anchor.steady : 0)
}
const clockJumped = () => anchor !== null && Math.abs(Date.now() + gate.offset - (anchor.server + performance.now() - anchor.steady)) > CLOCK_JUMP

async function ask(path, body, patience) {
  const answer = await fetch(path, {
    method: 'POST', body: JSON.stringify(body), cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(patience),
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${gate.token}` },
  })
  if (answer.status === 401) throw Object.assign(new Error('shut out'), { said: await answer.json() })
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
  return answer.json()
}

// ---- sync
function sync() {
  syncing ??= exchange().finally(() => { syncing = null; busy(false) })
  busy(true)
  return syncing
}

function busy(on) {
  for (const button of document.querySelectorAll('[data-sync]')) {
    button.setAttribute('aria-disabled', String(on))
    button.textContent = on ? '正在同步…' : '立即同步'
  }
}

async function exchange() {
  if (!gate.token) return
  try {
    for (let round = 0; round < 50; round++) {
      const scans = await store.waiting()
      const sent = Date.now(), steady = performance.now()
      const said = await ask('/gate/sync', { scans, waiting: (await store.count()) - scans.length, have: gate.bundle?.digest }, 15_000)
      const half = (performance.now() - steady) / 2
      anchor = { server: said.now, steady: performance.now() - half }
      gate.offset = said.now - (sent + half)
      gate.bundle = said.bundle ?? gate.bundle // none: what we have is what there is, good from `issued` on
      gate.bundle.issued = said.issued
      gate.latest = said.now
      gate.online = true
      await store.handedOver(said.kept)
      if (said.bundle) await store.set('bundle', said.bundle)
      await Promise.all([store.set('issued', said.issued), store.set('offset', gate.offset), store.set('latest', gate.latest), store.forget(now() / 1000)])
      if (scans.length < 200) break
    }
    await fetchPhotos()
  } catch (error) {
    gate.online = false
    if (error.said) await shutOut(error.said)
  }
  await paint()
}

const coming = new Set() // photos that have been asked for

/** Photos of those on the list, each fetched once; nobody else's stays. */
async function fetchPhotos() {
  const missing = await store.missingPhotos(new Set(gate.bundle.people.map((person) => person.photo).filter(Boolean)))
  const wanted = missing.filter((digest) => !coming.has(digest))
  for (let from = 0; from < wanted.length; from += PHOTOS_AT_ONCE) await askPhotos(wanted.slice(from, from + PHOTOS_AT_ONCE), 15_000)
}

async function askPhotos(digests, patience) {
  for (const digest of digests) coming.add(digest)
  try {
    const { photos } = await ask('/gate/photos', { digests }, patience)
    for (const [digest, uri] of Object.entries(photos)) await store.keepPhoto(digest, uri)
    return photos
  } finally { for (const digest of digests) coming.delete(digest) }
}

/** The photo of somebody who stands here now: kept, or asked for; empty if it cannot be had at once. */
async function photoOf(digest) {
  const kept = await store.photo(digest)
  if (kept || !gate.online) return kept ?? ''
  if (coming.has(digest)) {
    await syncing
    return (await store.photo(digest)) ?? ''
  }
  try { return (await askPhotos([digest], PATIENCE))[digest] ?? '' } catch { return '' }
}

async function shutOut(said) {
  const revoked = said.type === 'urn:lutong:device_revoked'
  await store.wipe()
  Object.assign(gate, { token: undefined, bundle: null, offset: 0, latest: 0, online: false })
  anchor = null
  part('pair-why').textContent = revoked ? `${said.title}。本机名单已清除，请人工核对律师执业证。` : said.title
}

// ---- one scan
async function scan(text) {
  const seq = Math.max(gate.seq + 1, Math.floor(now()))
  gate.seq = seq
  gate.latest = now()
  await Promise.all([store.set('seq', seq), store.set('latest', gate.latest)])
  let verdict = gate.online && navigator.onLine ? await askServer(seq, text) : null
  if (!gate.token) return paint()
  if (!verdict) {
    const at = now()
    verdict = await judge(text, gate.bundle, (code) => store.use(code), at / 1000)
    await store.wait({ seq, at: Math.floor(at), text: text.slice(0, 400), admitted: verdict.admitted, reason: verdict.reason })
  }
  show(verdict)
  await paint()
}

async function askServer(seq, text) {
  try {
    const verdict = await ask('/gate/verify', { seq, text }, PATIENCE)
    if (verdict.admitted) await store.use({ code_id: verdict.code_id, issued: now() / 1000, life: verdict.slip ? 86_400 : 60 })
    return verdict
  } catch (error) {
    gate.online = false
    if (error.said) await shutOut(error.said)
    return null
  }
}

// ---- what is on the screen
function view(name) {
  for (const one of document.querySelectorAll('[data-view]')) one.hidden = one.dataset.view !== name
  document.body.dataset.showing = name
}

const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'Asia/Shanghai' })

const dayOf = (seconds) => new Date(seconds * 1000).toLocaleDateString('zh-CN', { timeZone: 'Asia/Shanghai' })

function show(verdict) {
  const kind = verdict.reason === 'no_details' ? 'look' : verdict.admitted ? 'good' : 'bad'
  document.body.dataset.result = kind
  part('mark').textContent = { good: '✓', look: '！', bad: '✕' }[kind]
  part('title').textContent = verdict.title
  part('advice').textContent = verdict.advice
  part('who').hidden = !verdict.person
  showFace(verdict)
  part('ava').textContent = verdict.person?.name.slice(0, 1) ?? ''
  part('name').textContent = verdict.person?.name ?? ''
  part('licence').textContent = verdict.person ? `执业证号 ${verdict.person.licence_no}` : ''
  part('firm').textContent = verdict.person?.firm ?? ''
  part('hearing').hidden = !verdict.hearing
  if (verdict.hearing) {
    part('number').textContent = `${verdict.hearing.number} ${verdict.hearing.kind}`
    part('when').textContent = `${clock(verdict.hearing.starts)}–${clock(verdict.hearing.ends)}`
    part('room').textContent = verdict.hearing.room_name || '线上'
  }
  view('result')
  part('next').focus()
  navigator.vibrate?.(verdict.admitted ? 80 : [120, 80, 120])
  clearTimeout(back)
  back = setTimeout(ready, verdict.admitted ? 6000 : 12_000)
}

let shown = null // whose face may still come

async function showFace(verdict) {
  shown = verdict
  part('face').hidden = true
  part('face').removeAttribute('src') // nobody else's face lingers
  part('ava').hidden = false
  part('noface').hidden = true
  const photo = verdict.person?.photo ? await photoOf(verdict.person.photo) : ''
  if (shown !== verdict) return
  part('noface').hidden = Boolean(photo)
  if (!photo) return
  part('face').src = photo
  part('face').alt = `${verdict.person.name}的名册照片`
  part('face').hidden = false
  part('ava').hidden = true
}

function ready() {
  shown = null
  clearTimeout(back)
  delete document.body.dataset.result
  paint()
}

async function paint() {
  const { bundle } = gate, waiting = await store.count()
  part('court').textContent = bundle?.door.court_name ?? '律通门禁'
  part('venue').textContent = bundle ? bundle.door.name : ''
  part('door').textContent = bundle ? { entrance: `进入法院 · ${bundle.door.name}`, hall: bundle.door.name, courtroom: `参加${bundle.door.name}的庭审` }[bundle.door.kind] : ''
  const age = bundle ? now() / 1000 - bundle.issued : 0
  part('net').textContent = !bundle ? '' : `${gate.online ? '在线' : '离线核验'} · ${age < 90 ? '刚刚同步' : age < 5400 ? `${Math.round(age / 60)} 分钟前同步` : `${Math.round(age / 3600)} 小时前同步`}${waiting ? ` · ${waiting} 条待传` : ''}`
  part('forgetful').hidden = !forgetful
  part('net').dataset.state = gate.online ? 'on' : 'off'
  part('note').textContent = clockJumped() ? '本机时间被改动过，请接通网络后同步。' : !gate.online && bundle ? `断网可继续核验至${dayOf(bundle.issued + bundle.limits.fresh_for) === dayOf(now() / 1000) ? '今天' : '明天'} ${clock(bundle.issued + bundle.limits.fresh_for)}，届时须同步。` : ''
  if (document.body.dataset.result) return
  if (!gate.token) view('pair')
  else if (!bundle) stop('还没有名单', '请接通网络并同步，取得今天的名单后才能核验。')
  else if (age > bundle.limits.fresh_for || age < -bundle.limits.early) stop(bundle.words.sync_old.title, bundle.words.sync_old.advice)
  else { view('scan'); look() }
}

function stop(title, text) {
  part('stop-title').textContent = title
  part('stop-text').textContent = text
  view('stop')
}

// ---- the camera
async function look() {
  if (camera) return
  camera = 'starting'
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: facing, width: { ideal: 1280 } }, audio: false })
    camera = stream
    part('video').srcObject = stream
    await part('video').play()
    part('camera-off').hidden = true
    watch(stream, await reader())
  } catch {
    camera = 'none'
    part('camera-off').hidden = false
    part('camera-off').textContent = '镜头不可用：请允许使用摄像头，或用扫码枪、手工输入'
  }
}

/** A function from the video to the text in it: the browser's own reader, or the bundled one. */
async function reader() {
  if ('BarcodeDetector' in window && (await window.BarcodeDetector.getSupportedFormats()).includes('qr_code')) {
    const detector = new window.BarcodeDetector({ formats: ['qr_code'] })
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? ''
  }
  const { decodeQR } = await import('../vendor/qr/decode.js')
  const canvas = document.createElement('canvas'), brush = canvas.getContext('2d', { willReadFrequently: true })
  return async (video) => {
    const scale = Math.min(1, 800 / video.videoWidth)
    canvas.width = Math.round(video.videoWidth * scale)
    canvas.height = Math.round(video.videoHeight * scale)
    brush.drawImage(video, 0, 0, canvas.width, canvas.height)
    try { return decodeQR(brush.getImageData(0, 0, canvas.width, canvas.height)) } catch { return '' }
  }
}

async function watch(stream, read) {
  const video = part('video')
  while (camera === stream) {
    await new Promise((resolve) => setTimeout(resolve, 150))
    if (document.hidden || !video.videoWidth || !gate.bundle || document.body.dataset.showing === 'stop') continue
    let text = ''
    try { text = await read(video) } catch { continue }
    if (!text) continue
    const fresh = text !== lastSeen.text || performance.now() - lastSeen.at > HELD_BEFORE_LENS
    if (fresh) await scan(text)
    lastSeen = { text, at: performance.now() } // the same code still before the lens is not a second scan
  }
}

// ---- hands
part('pair').addEventListener('submit', async (event) => {
  event.preventDefault()
  await pair(event.target.elements.token.value.trim())
})
part('typed').addEventListener('submit', async (event) => {
  event.preventDefault()
  const { typed } = event.target.elements, text = typed.value.trim()
  typed.value = ''
  if (text && gate.bundle) await scan(text)
})
part('next').addEventListener('click', ready)
part('camera').addEventListener('click', () => {
  if (camera instanceof MediaStream) for (const track of camera.getTracks()) track.stop()
  facing = facing === 'user' ? 'environment' : 'user'
  camera = null
  look()
})
for (const button of document.querySelectorAll('[data-sync]')) button.addEventListener('click', () => sync())
// A scanner that types like a keyboard needs no field in focus, whatever is on the screen.
let keys = '', keyAt = 0
document.addEventListener('keydown', (event) => {
  if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey || !gate.bundle) return
  if (performance.now() - keyAt > 500) keys = ''
  keyAt = performance.now()
  if (event.key.length === 1) keys += event.key
  if (event.key === 'Enter' && keys.length > 20) {
    event.preventDefault()
    scan(keys)
    keys = ''
  }
})
window.addEventListener('online', () => sync())
window.addEventListener('offline', () => { gate.online = false; paint() })

/** Without a worker the page cannot be opened again while there is no network. */
async function keepPage() {
  try { await navigator.serviceWorker.register(document.body.dataset.worker, { scope: '/gate/' }) } catch { forgetful = true; paint() }
}

async function pair(token) {
  if (!/^lg_\d{1,5}_[0-9a-f]{32}_[\w-]{20,64}$/.test(token)) {
    part('pair-why').textContent = '配对码不完整，请从“通行点和设备”页重新复制。'
    return
  }
  await store.wipe()
  Object.assign(gate, { token, bundle: null, seq: 0, latest: 0 })
  await store.set('token', token)
  await sync()
}

setInterval(() => { part('clock').textContent = new Date(now()).toLocaleTimeString('zh-CN', { hour12: false, timeZone: 'Asia/Shanghai' }) }, 1000)
setInterval(() => { paint() }, 10_000)
setInterval(() => { sync() }, SYNC_EVERY)
keepPage()
navigator.storage?.persist?.().catch(() => {}) // a wish, no more
if (location.hash.startsWith('#lg_')) {
  const token = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
  await pair(token)
} else {
  await paint()
  await sync()
}
