// Checks a card: the same rules as gateways/registry/cards.py and tools/verify_card.py, in the browser.
import { verifyAsync } from '../vendor/ed25519.mjs'

const LIVES = { screen: 60, print: 30 * 86400 }
const SLOW_CLOCK = 60
const ALPHABET = /^[A-Za-z0-9_-]+$/
const OF_1 = ['exp', 'frm', 'iat', 'jti', 'knd', 'lic', 'nam', 'pho', 'prv', 'sm2', 'snc', 'sta', 'use', 'v']
const CLAIMS = { 1: OF_1.join(), 2: [...OF_1, 'lvd', 'lvm'].sort().join() } // by version
export const METHODS = { manual: '人工视频核验', face: '人脸比对服务', counter: '窗口当面核验' }
export const REASONS = {
  malformed: '不是律证码，或者内容不完整、被改动',
  unknown_version: '律证码的版本不认识，请刷新本页面',
  signature_missing: '缺少签名：律证码须同时有 Ed25519 与 SM2 两个签名',
  unknown_key: '签名密钥不在公布的名单中：可能是伪造，或者本页面的公钥过旧，请联网刷新后再试',
  ed25519: 'Ed25519 签名不符：内容被改动或者是伪造',
  sm2: 'SM2 签名不符：内容被改动或者是伪造',
  not_yet: '签发时间晚于现在，请核对本机时间',
  expired: '律证码已过期，请让出示人刷新后再出示',
}

class Refused extends Error {
  constructor(reason, claims = null) { super(reason); this.reason = reason; this.claims = claims }
}

function bytes(part) {
  if (!ALPHABET.test(part)) throw new Refused('malformed')
  let raw
  try { raw = atob(part.replace(/-/g, '+').replace(/_/g, '/')) } catch { throw new Refused('malformed') }
  if (btoa(raw).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '') !== part) throw new Refused('malformed')
  return Uint8Array.from(raw, (c) => c.charCodeAt(0))
}

function object(part) {
  let found
  try { found = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes(part))) } catch { throw new Refused('malformed') }
  if (found === null || typeof found !== 'object' || Array.isArray(found)) throw new Refused('malformed')
  return found
}

const hex = (data) => Array.from(data, (one) => one.toString(16).padStart(2, '0')).join('')

function sm2(key, message, signature) {
  try {
    return signature.length === 64 && window.SmCryptoV2.sm2.doVerifySignature(message, hex(signature), '04' + hex(bytes(key.x)) + hex(bytes(key.y)), { hash: true })
  } catch { return false }
}

async function ed25519(key, message, signature) {
  try { return signature.length === 64 && await verifyAsync(signature, message, bytes(key.x), { zip215: false }) } catch { return false }
}

// The last live check: a day with or without its method, or neither.
const live = (day, method) => (day === '' && method === '') || (/^\d{4}-\d\d-\d\d$/.test(day) && (method === '' || Object.keys(METHODS).includes(method)))

// Answers the claims of a card that counts at `now` (seconds), or throws Refused with the first flaw.
async function read(text, published, now) {
  const parts = text.length <= 4096 ? text.trim().slice(text.trim().lastIndexOf('#') + 1).split('.') : []
  if (parts.length !== 3 && parts.length !== 4) throw new Refused('malformed')
  if (!parts.every((part) => ALPHABET.test(part))) throw new Refused('malformed')
  const header = object(parts[0])
  if (Object.keys(header).sort().join() !== 'alg,kid,typ' || header.typ !== 'lawyer-card' || header.alg !== 'Ed25519') throw new Refused('malformed')
  if (parts.length === 3) throw new Refused('signature_missing')
  const key = (kid, alg) => {
    const found = published.keys.find((one) => one.kid === kid && one.alg === alg)
    if (!found) throw new Refused('unknown_key')
    return found
  }
  const message = new TextEncoder().encode(`${parts[0]}.${parts[1]}`)
  if (!await ed25519(key(header.kid, 'Ed25519'), message, bytes(parts[2]))) throw new Refused('ed25519')
  const claims = object(parts[1])
  if (!sm2(key(claims.sm2, 'SM2'), message, bytes(parts[3]))) throw new Refused('sm2')
  if (claims.v !== 1 && claims.v !== 2) throw new Refused('unknown_version')
  if (claims.v === 2 && !live(claims.lvd, claims.lvm)) throw new Refused('malformed')
  if (Object.keys(claims).sort().join() !== CLAIMS[claims.v] || claims.exp - claims.iat !== LIVES[claims.use]) throw new Refused('malformed')
  if (claims.iat > now + SLOW_CLOCK) throw new Refused('not_yet', claims)
  if (claims.exp <= now) throw new Refused('expired', claims)
  return claims
}

// {reason: '' or a key of REASONS, claims or null}
export async function check(text, published, now) {
  try { return { reason: '', claims: await read(text, published, now) } } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { reason: error.reason, claims: error.claims }
  }
}
