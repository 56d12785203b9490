// What the gate remembers across restarts: its token and list, photos, used codes, and scans that wait to be handed over.
// Where the browser keeps nothing (private window, no space, forbidden) it remembers until the page is closed.
const NAME = 'lutong-gate', VERSION = 2, TABLES = ['kept', 'photos', 'used', 'queue'], PATIENCE = 4000

/** The store of this page. `lost` is called once, when from now on nothing is kept on the device. */
export async function open(lost) {
  const store = new Store(lost)
  try { store.place = new Disk(await opened()) } catch (error) { store.give(new Memory(), error) }
  return store
}

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION) // throws where the browser forbids it
    asked.onupgradeneeded = (event) => {
      if (event.oldVersion === 1) asked.result.deleteObjectStore('queue') // of another shape, and before the first release
      for (const table of TABLES) {
        if (!asked.result.objectStoreNames.contains(table)) asked.result.createObjectStore(table)
      }
    }
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error)
    setTimeout(() => reject(new Error('no answer')), PATIENCE) // some browsers never answer in a private window
  })
}

/** A table of IndexedDB; what is written is on the disk before the answer. */
class Disk {
  constructor(base) { this.base = base }

  #ask(table, mode, work) {
    return new Promise((resolve, reject) => {
      const transaction = this.base.transaction(table, mode, { durability: 'strict' })
      let result
      transaction.oncomplete = () => resolve(result)
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'))
      work(transaction.objectStore(table), (value) => { result = value })
    })
  }

  #read(table, work) {
    return this.#ask(table, 'readonly', (rows, answer) => { const asked = work(rows); asked.onsuccess = () => answer(asked.result) })
  }

  get(table, key) { return this.#read(table, (rows) => rows.get(key)) }

  keys(table) { return this.#read(table, (rows) => rows.getAllKeys()) }

  /** Keys with their values, of one moment. */
  entries(table) {
    return this.#ask(table, 'readonly', (rows, answer) => {
      const keys = rows.getAllKeys(), values = rows.getAll()
      values.onsuccess = () => answer(keys.result.map((key, place) => [key, values.result[place]]))
    })
  }

  values(table, most) { return this.#read(table, (rows) => rows.getAll(null, most)) }

  count(table) { return this.#read(table, (rows) => rows.count()) }

  put(table, key, value) { return this.#ask(table, 'readwrite', (rows) => { rows.put(value, key) }) }

  remove(table, keys) { return keys.length ? this.#ask(table, 'readwrite', (rows) => { for (const key of keys) rows.delete(key) }) : undefined }

  clear(table) { return this.#ask(table, 'readwrite', (rows) => { rows.clear() }) }

  /** True for the first to add a key. One insertion decides. */
  add(table, key, value) {
    return this.#ask(table, 'readwrite', (rows, answer) => {
      const asked = rows.add(value, key)
      asked.onsuccess = () => answer(true)
      asked.onerror = (event) => {
        if (asked.error?.name !== 'ConstraintError') return
        event.preventDefault() // not a failure of the disk
        event.stopPropagation()
        answer(false)
      }
    })
  }
}

/** The same in memory, for as long as the page stays open. */
class Memory {
  tables = Object.fromEntries(TABLES.map((table) => [table, new Map()]))

  /** What a failing disk still lets us read. */
  static async of(disk) {
    const memory = new Memory()
    for (const table of TABLES) {
      try { memory.tables[table] = new Map(await disk.entries(table)) } catch { /* not even that */ }
    }
    return memory
  }

  get(table, key) { return this.tables[table].get(key) }

  keys(table) { return [...this.tables[table].keys()] }

  entries(table) { return [...this.tables[table]] }

  values(table, most) { return [...this.tables[table]].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, most).map(([, value]) => value) }

  count(table) { return this.tables[table].size }

  put(table, key, value) { this.tables[table].set(key, value) }

  remove(table, keys) { for (const key of keys) this.tables[table].delete(key) }

  clear(table) { this.tables[table].clear() }

  add(table, key, value) {
    if (this.tables[table].has(key)) return false
    this.tables[table].set(key, value)
    return true
  }
}

class Store {
  #lost
  #moving = null

  constructor(lost) { this.#lost = lost }

  give(memory, error) {
    this.place = memory
    this.#lost(error)
  }

  async #do(what, ...more) {
    const place = this.place
    try { return await place[what](...more) } catch (error) {
      if (place instanceof Memory) throw error
      // The disk fails (full, taken away): go on in memory, with all that can still be read.
      this.#moving ??= Memory.of(place).then((memory) => this.give(memory, error))
      await this.#moving
      return this.place[what](...more)
    }
  }

  get(key) { return this.#do('get', 'kept', key) }

  set(key, value) { return this.#do('put', 'kept', key, value) }

  photo(digest) { return this.#do('get', 'photos', digest) }

  keepPhoto(digest, uri) { return this.#do('put', 'photos', digest, uri) }

  /** Drop the photos that are not wanted any more; answers which ones of the wanted are missing. */
  async missingPhotos(wanted) {
    const held = new Set(await this.#do('keys', 'photos'))
    await this.#do('remove', 'photos', [...held].filter((digest) => !wanted.has(digest)))
    return [...wanted].filter((digest) => !held.has(digest))
  }

  /** True the first time that this gate uses a code. */
  use(code) { return this.#do('add', 'used', code.code_id, code.issued + code.life) }

  /** Codes that are stale anyway need not be remembered. */
  async forget(now) {
    const used = await this.#do('entries', 'used')
    await this.#do('remove', 'used', used.filter(([, until]) => until < now - 3600).map(([key]) => key))
  }

  wait(scan) { return this.#do('put', 'queue', scan.seq, scan) }

  waiting(most = 200) { return this.#do('values', 'queue', most) }

  count() { return this.#do('count', 'queue') }

  handedOver(numbers) { return this.#do('remove', 'queue', numbers) }

  /** Nothing personal stays on a device that was shut out or is paired anew. */
  async wipe() { for (const table of TABLES) await this.#do('clear', table) }
}
