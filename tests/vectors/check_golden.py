#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Recomputes handshake_golden.json from docs/protocol.md, sharing no code with Kith.

Needs the Python package cryptography (47 or newer for ML-KEM-768). Ends with an error at the first difference.
"""
import hashlib
import hmac
import json
import pathlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import mlkem, padding
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HERE = pathlib.Path(__file__).parent
NAME = b"Noise_pqXX_RSAOAEP+XWing_AESGCM_SHA512"


def same(what, got, expected):
    if got != expected:
        raise SystemExit(f"{what}: got {got!r}, expected {expected!r}")


def sha512(data):
    return hashlib.sha512(data).digest()


def hkdf(salt, ikm, info, size):
    return HKDF(hashes.SHA512(), size, salt, info).derive(ikm)


def nonce(n):
    return bytes(4) + n.to_bytes(8, "big")


class Symmetric:
    def __init__(self):
        self.h = self.ck = NAME + bytes(64 - len(NAME))

    def mix_hash(self, data):
        self.h = sha512(self.h + data)

    def mix_key(self, data):
        t = hkdf(self.ck, data, b"", 128)
        self.ck, self.k, self.n = t[:64], t[64:96], 0

    def mix_key_and_hash(self, data):
        t = hkdf(self.ck, data, b"", 192)
        self.ck, self.k, self.n = t[:64], t[128:160], 0
        self.mix_hash(t[64:128])

    def decrypt(self, data):
        plain = AESGCM(self.k).decrypt(nonce(self.n), data, self.h)
        self.n += 1
        self.mix_hash(data)
        return plain


class Person:
    def __init__(self, keys):
        self.rsa = serialization.load_der_private_key(bytes.fromhex(keys["rsa_pkcs8"]), None)
        self.spki = self.rsa.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    def decapsulate(self, block):
        size = self.rsa.key_size // 8
        same("padding of a ciphertext", block[size:], bytes(len(block) - size))
        m = self.rsa.decrypt(block[:size], padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
        return hkdf(b"", m, b"skem" + hashlib.sha256(self.spki).digest() + block[:size], 32)


def xwing_decapsulate(seed, ciphertext):
    x = hashlib.shake_256(seed).digest(96)
    ss_m = mlkem.MLKEM768PrivateKey.from_seed_bytes(x[:64]).decapsulate(ciphertext[:1088])
    scalar = X25519PrivateKey.from_private_bytes(x[64:])
    ss_x = scalar.exchange(X25519PublicKey.from_public_bytes(ciphertext[1088:]))
    return hashlib.sha3_256(ss_m + ss_x + ciphertext[1088:] + scalar.public_key().public_bytes_raw()
                            + bytes.fromhex("5c2e2f2f5e5c")).digest()


def identity_block(bundle):
    return len(bundle).to_bytes(2, "big") + bundle + bytes(640 - len(bundle))


def open_record(key, n, frame):
    same("length of a frame", int.from_bytes(frame[:4], "big"), len(frame) - 4)
    plain = AESGCM(key).decrypt(nonce(n), frame[4:], frame[:4])
    return plain[:-1], plain[-1]


def handshake(g, initiator, responder):
    m1, m2, m3, m4 = g["m1"], g["m2"], g["m3"], g["m4"]
    same("sizes", [len(m) for m in (m1, m2, m3, m4)], [1256, 1796, 1202, 544])
    fingerprint = hashlib.sha256(g["bundle_responder"]).digest()
    key = hashlib.sha256(b"mac1" + fingerprint + g["token"]).digest()
    same("mac1", hmac.digest(key, hashlib.sha256(m1[:-32]).digest(), "sha256"), m1[-32:])

    s = Symmetric()
    s.mix_hash(m1[:8] + (1).to_bytes(2, "big") + fingerprint + bytes([0]))
    s.mix_hash(m1[8:1224])
    s.mix_hash(m1[1224:])
    same("ss_ekem", xwing_decapsulate(g["random_initiator"][:32], m2[2:1122]), g["ss_ekem"])
    s.mix_hash(m2[2:1122])
    s.mix_key(g["ss_ekem"])
    same("identity in M2", s.decrypt(m2[1122:1780]), identity_block(g["bundle_responder"]))
    same("payload of M2", s.decrypt(m2[1780:]), b"")
    secret = responder.decapsulate(s.decrypt(m3[:528]))
    same("ss_skem_responder", secret, g["ss_skem_responder"])
    s.mix_key_and_hash(secret)
    same("identity in M3", s.decrypt(m3[528:1186]), identity_block(g["bundle_initiator"]))
    same("payload of M3", s.decrypt(m3[1186:]), b"")
    secret = initiator.decapsulate(s.decrypt(m4[:528]))
    same("ss_skem_initiator", secret, g["ss_skem_initiator"])
    s.mix_key_and_hash(secret)
    same("confirmation", s.decrypt(m4[528:]), b"")
    return s


def session(g, s):
    t = hkdf(s.ck, b"", b"", 128)
    rekey = hkdf(s.ck, b"", b"kith1 rekey" + s.h, 64)
    exporter = hkdf(s.ck, b"", b"kith1 exporter" + s.h, 64)
    for name, got in (("h", s.h), ("key_to_responder", t[:32]), ("key_to_initiator", t[64:96]),
                      ("rekey_secret", rekey), ("exporter_secret", exporter)):
        same(name, got, g[name])
    same("exporter", hkdf(b"", exporter, b"kith1 export" + (4).to_bytes(2, "big") + b"test" + bytes([1, 2]), 32),
         g["exported_label_test_context_0102_size_32"])

    same("hello", open_record(t[:32], 0, g["record_hello_first"]), (b"hello", 0))
    same("welcome", open_record(t[64:96], 0, g["record_welcome_first"]), (b"welcome", 0))
    offer, kind = open_record(t[:32], 1, g["rekey_offer"])
    same("offer", (len(offer), kind), (1216, 1))
    answer, kind = open_record(t[64:96], 1, g["rekey_answer"])
    same("answer", (len(answer), kind), (1120, 2))
    same("confirm", open_record(t[:32], 2, g["rekey_confirm"]), (b"", 3))
    secret = xwing_decapsulate(g["random_initiator"][96:], answer)
    info = b"kith1 rekey keys" + (1).to_bytes(8, "big") + sha512(offer + answer)
    t = hkdf(rekey, secret, info, 128)
    same("hello after the rekey", open_record(t[:32], 0, g["record_hello_after_rekey"]), (b"hello", 0))
    same("welcome after the rekey", open_record(t[32:64], 0, g["record_welcome_after_rekey"]), (b"welcome", 0))


def main():
    people = json.loads((HERE / "identities.json").read_text())["identities"]
    golden = json.loads((HERE / "handshake_golden.json").read_text())
    names = {"initiator": golden.pop("initiator"), "responder": golden.pop("responder")}
    golden = {field: bytes.fromhex(text) for field, text in golden.items()}
    state = handshake(golden, Person(people[names["initiator"]]), Person(people[names["responder"]]))
    session(golden, state)
    print("handshake_golden.json agrees with docs/protocol.md")


main()
