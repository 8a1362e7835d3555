"""Both providers against published vectors, and SM2 against an independent implementation."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from gmssl import sm2 as oracle

from kiosk.crypto import PROVIDERS, KeyFileError, Provider, SealedError
from kiosk.crypto.international import AesGcm, International
from kiosk.crypto.national import National, Sm2Key, Sm4Gcm

SM2_PRIVATE = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
SM2_PUBLIC = (
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)


def sample_key() -> Sm2Key:
    """Return the key of the SM2 samples in GB/T 32918.5."""
    return Sm2Key(
        key_id="sample",
        public=b"\x04" + bytes.fromhex(SM2_PUBLIC),
        private=bytes.fromhex(SM2_PRIVATE),
    )


def der(*numbers: str) -> bytes:
    """Encode a DER sequence; what begins with ``#`` is an octet string, others integers."""
    body = b""
    for number in numbers:
        octets = number.startswith("#")
        data = bytes.fromhex(number.removeprefix("#"))
        if not octets and data[0] & 0x80:
            data = b"\0" + data
        body += bytes([4 if octets else 2, len(data)]) + data
    length = bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)])
    return b"\x30" + length + body


def test_sm3_abc() -> None:
    """GB/T 32905, example 1."""
    expected = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert National().digest([b"a", b"bc"]).hex() == expected


def test_sha256_abc() -> None:
    """FIPS 180-4, "abc"."""
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert International().digest([b"a", memoryview(b"bc")]).hex() == expected


def test_sm4_block() -> None:
    """GB/T 32907, example 1: the block cipher under SM4-GCM."""
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()  # noqa: S305 - one block
    assert encryptor.update(block).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm() -> None:
    """RFC 8998, appendix A.1."""
    cipher = Sm4Gcm(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    plain = bytes.fromhex("".join(c * 16 for c in "ABCDEFEA"))
    bound = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    out = bytearray(len(plain) + 16)
    cipher.seal_into(nonce, plain, bound, memoryview(out))
    assert out.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert cipher.open(nonce, out, bound) == plain


def test_aes_256_gcm() -> None:
    """The GCM specification's test case 16."""
    cipher = AesGcm(bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2))
    plain = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    out = bytearray(len(plain) + 16)
    cipher.seal_into(nonce, plain, bound, memoryview(out))
    assert out.hex() == (
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    assert cipher.open(nonce, out, bound) == plain


def test_ed25519() -> None:
    """RFC 8032, section 7.1, test 2."""
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    signature = private.sign(b"\x72")
    assert signature.hex().startswith(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    )
    assert International().verify(public, b"\x72", signature)
    assert not International().verify(public, b"\x73", signature)


def test_sm2_signature_sample() -> None:
    """GB/T 32918.5, appendix A: the sample verifies, and not with a changed message."""
    signature = der(
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3",
        "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA",
    )
    public = sample_key().public
    assert National().verify(public, b"message digest", signature)
    assert not National().verify(public, b"message digesT", signature)


def test_sm2_encryption_sample() -> None:
    """GB/T 32918.5, appendix C: the sample decrypts."""
    sealed = der(
        "04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73",
        "E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0",
        "#59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766",
        "#21886CA989CA9C7D58087307CA93092D651EFA",
    )
    assert sample_key().unwrap(sealed, b"") == b"encryption standard"


def test_sm2_and_the_oracle_agree() -> None:
    """What one implementation signs the other verifies, both ways; likewise a wrapped key."""
    ours = National().load_signing_key(National().new_signing_key())
    theirs: Any = oracle.CryptSM2(
        private_key=ours.private.hex(), public_key=ours.public[1:].hex(), asn1=True
    )
    message = "高效办成一件事".encode()
    assert theirs.verify_with_sm3(ours.sign(message).hex(), message)
    assert National().verify(ours.public, message, bytes.fromhex(theirs.sign_with_sm3(message)))
    wrapped = National().wrap(b"k" * 16, ours.public, b"")
    x, y, digest, cipher = _numbers(wrapped)
    plain = oracle.CryptSM2(
        private_key=ours.private.hex(), public_key=ours.public[1:].hex(), mode=1
    ).decrypt(x + y + digest + cipher)
    assert plain == b"k" * 16


def _numbers(encoded: bytes) -> list[bytes]:
    """Take a short DER sequence apart; integers come padded to 32 bytes."""
    at = 2 if encoded[1] < 128 else 3
    parts = []
    while at < len(encoded):
        tag, length = encoded[at], encoded[at + 1]
        data = encoded[at + 2 : at + 2 + length]
        parts.append(data if tag == 4 else data[-32:].rjust(32, b"\0"))
        at += 2 + length
    return parts


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_keys_survive_their_files(provider: Provider) -> None:
    """A key read back from PEM has the same name, signs, and opens what was wrapped."""
    pem = provider.new_signing_key()
    key = provider.load_signing_key(pem)
    assert key.key_id == provider.load_signing_key(pem).key_id
    signature = key.sign(b"envelope")
    assert provider.verify(key.public, b"envelope", signature)
    assert not provider.verify(key.public, b"envelop", signature)
    sealing = provider.load_sealing_key(provider.new_sealing_key())
    data_key = provider.new_data_key()
    assert sealing.unwrap(provider.wrap(data_key, sealing.public, b"x"), b"x") == data_key
    assert sealing.key_id == provider.digest([sealing.public])[:8].hex()


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
@pytest.mark.parametrize("size", [0, 1, 8, 64, 71, 72, 500])
def test_foreign_signatures_are_only_wrong(provider: Provider, size: int) -> None:
    """Bytes that are no signature, or a key that is no point, verify to False."""
    key = provider.load_signing_key(provider.new_signing_key())
    junk = hashlib.shake_128(b"junk").digest(size)
    assert provider.verify(key.public, b"m", junk) is False
    assert provider.verify(junk, b"m", key.sign(b"m")) is False


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_other_files_are_no_keys(provider: Provider) -> None:
    """A key of another kind, or damaged text, is refused by one error."""
    other = PROVIDERS["national" if provider.name == "international" else "international"]
    wrong = [other.new_signing_key(), b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END"]
    for pem in wrong:
        with pytest.raises(KeyFileError):
            provider.load_signing_key(pem)
        with pytest.raises(KeyFileError):
            provider.load_sealing_key(pem)


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_foreign_wrapped_keys_are_refused(provider: Provider) -> None:
    """What was not wrapped for a key, or no data key at all, is one error."""
    key = provider.load_sealing_key(provider.new_sealing_key())
    stranger = provider.load_sealing_key(provider.new_sealing_key())
    wrapped = provider.wrap(provider.new_data_key(), stranger.public, b"")
    for data in (wrapped, wrapped[:-1], b"", b"\x30\x80" * 60):
        with pytest.raises(SealedError):
            key.unwrap(data, b"")
    with pytest.raises(SealedError):
        provider.cipher(b"short")
