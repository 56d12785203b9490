// 通行密钥 (WebAuthn): make one, sign in with one, confirm with one. Every form also works without.
const decode = (word) => Uint8Array.from(atob(word.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
const able = window.isSecureContext && 'credentials' in navigator && 'PublicKeyCredential' in window && !/^[\d.]+$|:/.test(location.hostname)

const WORDS = {
  NotAllowedError: '没有完成：您取消了，或者等待太久。可以再试一次',
  InvalidStateError: '这台设备上已经有本账号的通行密钥，不用重复添加',
  NotSupportedError: '这台设备不支持通行密钥，请改用其他方式',
  SecurityError: '这个网址不能使用通行密钥，请用平台的域名打开',
}

function creation (publicKey) {
  const keys = (publicKey.excludeCredentials ?? []).map((key) => ({ ...key, id: decode(key.id) }))
  const selection = { ...publicKey.authenticatorSelection, residentKey: 'required', requireResidentKey: true, userVerification: 'required' }
  return { ...publicKey, challenge: decode(publicKey.challenge), user: { ...publicKey.user, id: decode(publicKey.user.id) }, excludeCredentials: keys, authenticatorSelection: selection }
}

function request (publicKey) {
  const keys = (publicKey.allowCredentials ?? []).map((key) => ({ ...key, id: decode(key.id) }))
  return { ...publicKey, challenge: decode(publicKey.challenge), allowCredentials: keys }
}

function told (credential) {
  const answer = credential.response
  const response = { clientDataJSON: encode(answer.clientDataJSON) }
  if (answer.attestationObject) Object.assign(response, { attestationObject: encode(answer.attestationObject), transports: answer.getTransports?.() ?? [] })
  else Object.assign(response, { authenticatorData: encode(answer.authenticatorData), signature: encode(answer.signature), userHandle: answer.userHandle ? encode(answer.userHandle) : null })
  return JSON.stringify({
    type: credential.type,
    id: credential.id,
    rawId: encode(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    response,
    clientExtensionResults: credential.getClientExtensionResults()
  })
}

customElements.define('pass-key', class extends HTMLElement {
  connectedCallback () {
    if (!able) { this.querySelector('[data-unable]')?.removeAttribute('hidden'); return }
    this.form = this.querySelector('form')
    this.button = this.querySelector('button')
    this.says = this.querySelector('[role=status]')
    this.querySelector('[data-able]').hidden = false
    this.form.addEventListener('submit', (e) => { e.preventDefault(); this.ask() })
    if (this.hasAttribute('autofill')) this.offer()
  }

  async options () {
    const written = this.querySelector('script[type="application/json"]')
    if (written) return JSON.parse(written.textContent)
    const answer = await fetch(this.form.action, { headers: { Accept: 'application/json' } })
    if (!answer.ok) throw new Error('no options')
    return answer.json()
  }

  async ask () {
    this.waiting?.abort()
    this.button.disabled = true
    this.says.textContent = '请按浏览器或手机的提示，用指纹、面容或锁屏密码确认…'
    try {
      const { creation_options: making, request_options: using } = await this.options()
      const credential = making
        ? await navigator.credentials.create({ publicKey: creation(making.publicKey) })
        : await navigator.credentials.get({ publicKey: request(using.publicKey) })
      this.send(credential)
    } catch (error) {
      this.button.disabled = false
      this.says.textContent = WORDS[error.name] ?? '没有完成，请再试一次，或改用其他方式'
    }
  }

  // The browser lists passkeys under the account field; whoever has none notices nothing.
  async offer () {
    try {
      if (!await PublicKeyCredential.isConditionalMediationAvailable?.()) return
      const { request_options: using } = await this.options()
      this.waiting = new AbortController()
      this.send(await navigator.credentials.get({ publicKey: request(using.publicKey), mediation: 'conditional', signal: this.waiting.signal }))
    } catch { /* the button remains */ }
  }

  send (credential) {
    this.form.elements.credential.value = told(credential)
    this.says.textContent = '正在核对…'
    HTMLFormElement.prototype.submit.call(this.form)
  }
})
