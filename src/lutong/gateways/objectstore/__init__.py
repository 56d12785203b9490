"""对象存储: every byte of every file, sealed at rest, written once, behind one port."""

from lutong.gateways.objectstore.digests import Digests, Hashing, digests_of
from lutong.gateways.objectstore.factory import install, store, vault
from lutong.gateways.objectstore.keys import KeyRing, Keys
from lutong.gateways.objectstore.local import LocalStore
from lutong.gateways.objectstore.port import AlreadyStored, Missing, ObjectStore, StoreError, Unavailable
from lutong.gateways.objectstore.reading import SealedReader, blocks
from lutong.gateways.objectstore.sealing import Tampered
from lutong.gateways.objectstore.spool import Busy, Receiving, Spool
from lutong.gateways.objectstore.vault import Stored, Vault

__all__ = [
    "AlreadyStored",
    "Busy",
    "Digests",
    "Hashing",
    "KeyRing",
    "Keys",
    "LocalStore",
    "Missing",
    "ObjectStore",
    "Receiving",
    "SealedReader",
    "Spool",
    "StoreError",
    "Stored",
    "Tampered",
    "Unavailable",
    "Vault",
    "blocks",
    "digests_of",
    "install",
    "store",
    "vault",
]
