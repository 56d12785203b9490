// How a gate judges a code: the rules of gatepass/rules in JavaScript, held to the same vectors by a test.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const VERSION = 1, BODY = 69, SIGNATURE = 64, LONGEST = 400
const PREFIX = new TextEncoder().encode('lutong gate code\0')
const PURPOSES = { 1: 'entrance', 2: 'courtroom', 3: 'hall' }

/** The bytes of strict Base32 in its one spelling, small letters allowed; null for anything else. */
function unbase32(text) {
  const word = text.trim().replace(/[a-z]/g, (letter) => letter.toUpperCase())
  if (!word || word.length > LONGEST || !/^[A-Z2-7]+$/.test(word)) return null
  const rest = word.length % 8
  if (rest === 1 || rest === 3 || rest === 6) return null
  const raw = new Uint8Array(Math.floor((word.length * 5) / 8))
  let bits = 0, held = 0, at = 0
  for (const letter of word) {
    held = (held << 5) | ALPHABET.indexOf(letter)
    bits += 5
    if (bits >= 8) { bits -= 8; raw[at++] = (held >> bits) & 255; held &= (1 << bits) - 1 }
  }
  return held === 0 ? raw : null // unused bits are zero
}

const uuid = (raw) => [...raw].map((b) => b.toString(16).padStart(2, '0')).join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
const base64url = (raw) => btoa(String.fromCharCode(...raw)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
const unbase64url = (word) => Uint8Array.from(atob(word.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))

/** {code, body, signature} of a scanned text, nothing verified yet; null when it is no code of ours. */
export function read(text) {
  const raw = unbase32(text)
  if (!raw || raw.length !== BODY + SIGNATURE || raw[0] !== VERSION) return null
  const view = new DataView(raw.buffer)
  const form = raw[9], purpose = PURPOSES[raw[10]]
  if (form > 1 || !purpose) return null
  const code = {
    kid: base64url(raw.subarray(1, 9)), slip: form === 1, purpose, court_id: view.getUint16(11),
    place: uuid(raw.subarray(13, 29)), holder: uuid(raw.subarray(29, 45)), code_id: uuid(raw.subarray(45, 61)),
    issued: view.getUint32(61), life: view.getUint32(65),
  }
  return { code, body: raw.subarray(0, BODY), signature: raw.subarray(BODY) }
}

/** Whether the signature is this key's. WebCrypto where it knows Ed25519, else the bundled library. */
async function verify(key, message, signature) {
  const raw = unbase64url(key.x)
  try {
    const known = await crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify'])
    return await crypto.subtle.verify({ name: 'Ed25519' }, known, signature, message)
  } catch (error) {
    if (error?.name !== 'NotSupportedError' && error?.name !== 'SyntaxError') return false
    const { verifyAsync } = await import('../vendor/ed25519.mjs')
    try { return await verifyAsync(signature, message, raw) } catch { return false }
  }
}

/**
 * The verdict on one scanned text at the instant `now` (seconds by the server's clock). `use(code)` marks the code as
 * used and answers whether this was the first time; it is asked last and only for a code that passes all else.
 */
export async function judge(text, bundle, use, now) {
  const { limits } = bundle
  if (bundle.device_revoked) return tell(bundle, 'device_revoked')
  if (!(bundle.issued - limits.early <= now && now <= bundle.issued + limits.fresh_for)) return tell(bundle, 'sync_old')
  const found = read(text)
  if (!found) return tell(bundle, 'unreadable')
  const { code, body, signature } = found
  const key = bundle.keys.keys.find((one) => one.kid === code.kid)
  if (!key) return tell(bundle, 'unknown_key')
  const message = new Uint8Array(PREFIX.length + body.length)
  message.set(PREFIX)
  message.set(body, PREFIX.length)
  if (!(await verify(key, message, signature))) return tell(bundle, 'forged')
  const person = bundle.people.find((one) => one.holder === code.holder) ?? null
  const hearing = (code.purpose === 'courtroom' ? bundle.hearings.find((one) => one.hearing_id === code.place) : next(bundle, code.holder, now)) ?? null
  let reason = objection(code, bundle, person, now) ?? ((await use(code)) ? 'ok' : 'replayed')
  if (reason === 'ok' && !person) reason = 'no_details'
  return tell(bundle, reason, code, person, hearing)
}

function objection(code, { door, limits, hearings }, person, now) {
  if (code.court_id !== door.court_id) return 'other_court'
  if (code.issued > now + limits.early) return 'early'
  if (code.life > (code.slip ? limits.slip_life : limits.life) || now >= code.issued + code.life) return 'stale'
  if (person?.refusal) return 'suspended'
  if (code.purpose !== door.kind) return 'other_venue'
  if (code.purpose !== 'courtroom') return code.place === door.venue_id ? null : 'other_venue'
  const hearing = hearings.find((one) => one.hearing_id === code.place)
  if (!hearing || !hearing.room || hearing.room !== door.room) return 'other_venue'
  return hearing.counsel.includes(code.holder) ? null : 'not_expected'
}

const day = (seconds) => Math.floor((seconds + 8 * 3600) / 86_400) // in Beijing

function next(bundle, holder, now) {
  const mine = bundle.hearings.filter((one) => one.counsel.includes(holder) && day(one.starts) === day(now)).sort((a, b) => a.starts - b.starts)
  return mine.find((one) => one.ends > now) ?? mine[mine.length - 1]
}

function tell(bundle, reason, code = null, person = null, hearing = null) {
  const bad = reason === 'suspended' ? person : null
  return {
    admitted: reason === 'ok' || reason === 'no_details', reason, title: bad?.refusal || bundle.words[reason].title,
    advice: bad?.advice ? `${bad.advice}；${bundle.counter}` : bundle.words[reason].advice, code, person, hearing,
  }
}
