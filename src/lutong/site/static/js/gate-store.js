// What the gate remembers across restarts: its token and list, used codes, and scans that wait to be handed over.
const NAME = 'lutong-gate'

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

export async function open() {
  const asked = indexedDB.open(NAME, 1)
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore('kept')
    asked.result.createObjectStore('used')
    asked.result.createObjectStore('queue', { keyPath: 'seq' })
  }
  return new Store(await done(asked))
}

class Store {
  constructor(base) { this.base = base }

  #rows(name, mode = 'readonly') { return this.base.transaction(name, mode, { durability: 'strict' }).objectStore(name) }

  get(key) { return done(this.#rows('kept').get(key)) }

  set(key, value) { return done(this.#rows('kept', 'readwrite').put(value, key)) }

  /** True the first time that this gate uses a code. One insertion decides. */
  use(code) {
    return new Promise((resolve, reject) => {
      const asked = this.#rows('used', 'readwrite').add(code.issued + code.life, code.code_id)
      asked.onsuccess = () => resolve(true)
      asked.onerror = (event) => {
        event.preventDefault()
        if (asked.error?.name === 'ConstraintError') resolve(false)
        else reject(asked.error)
      }
    })
  }

  /** Codes that are stale anyway need not be remembered. */
  async forget(now) {
    const rows = this.#rows('used', 'readwrite')
    const [keys, values] = await Promise.all([done(rows.getAllKeys()), done(rows.getAll())])
    const again = this.#rows('used', 'readwrite')
    keys.forEach((key, place) => { if (values[place] < now - 3600) again.delete(key) })
  }

  wait(scan) { return done(this.#rows('queue', 'readwrite').put(scan)) }

  waiting(most = 200) { return done(this.#rows('queue').getAll(null, most)) }

  count() { return done(this.#rows('queue').count()) }

  async handedOver(numbers) {
    const rows = this.#rows('queue', 'readwrite')
    await Promise.all(numbers.map((seq) => done(rows.delete(seq))))
  }

  /** Nothing personal stays on a device that was shut out or is paired anew. */
  async wipe() {
    await Promise.all(['kept', 'used', 'queue'].map((name) => done(this.#rows(name, 'readwrite').clear())))
  }
}
