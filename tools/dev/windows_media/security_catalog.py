"""Security catalogs (.cat): PKCS #7 signed data over a list of digests, by a signer of our own making.

The keys come of the seed, so that the same media are made everywhere; whoever has this file has the keys. Trust root.pem for
tests, for nothing else.
"""

import base64
import hashlib
import math
import random

KEY_BITS = 1024  # enough for nobody to trust, and quick to make
EXPONENT = 65537
SMALL_PRIMES = math.prod(n for n in range(3, 2000) if all(n % d for d in range(2, math.isqrt(n) + 1)))

SHA256 = '2.16.840.1.101.3.4.2.1'
SHA1 = '1.3.14.3.2.26'
RSA = '1.2.840.113549.1.1.1'
RSA_SHA256 = '1.2.840.113549.1.1.11'
SIGNED_DATA = '1.2.840.113549.1.7.2'
TRUST_LIST = '1.3.6.1.4.1.311.10.1'
CATALOG_LIST = '1.3.6.1.4.1.311.12.1.1'
CATALOG_MEMBER = '1.3.6.1.4.1.311.12.1.3'
INDIRECT_DATA = '1.3.6.1.4.1.311.2.1.4'
CABINET_DATA = '1.3.6.1.4.1.311.2.1.25'
CONTENT_TYPE = '1.2.840.113549.1.9.3'
MESSAGE_DIGEST = '1.2.840.113549.1.9.4'
NOT_BEFORE, NOT_AFTER = b'200101000000Z', b'491231235959Z'


def der(tag, *parts):
    content = b''.join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, 'big')
    return bytes([tag, 0x80 | len(size)]) + size + content


def sequence(*parts):
    return der(0x30, *parts)


def integer(number):
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1, 'big'))


def object_id(text):
    first, second, *rest = map(int, text.split('.'))
    out = bytearray()
    for number in (40 * first + second, *rest):
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(number & 0x7F | 0x80)
        out += bytes(reversed(groups))
    return der(0x06, bytes(out))


NULL = der(0x05)


def algorithm(id_):
    return sequence(object_id(id_), NULL)


def is_prime(number, source):
    if math.gcd(number, SMALL_PRIMES) != 1 or pow(2, number - 1, number) != 1:
        return False
    twos = (number - 1 & 1 - number).bit_length() - 1
    for _ in range(8):
        value = pow(source.randrange(2, number - 1), number - 1 >> twos, number)
        if value in (1, number - 1):
            continue
        for _ in range(twos - 1):
            value = value * value % number
            if value == number - 1:
                break
        else:
            return False
    return True


class Key:
    def __init__(self, seed):
        source = random.Random(f'winnow media key {seed}')
        self.p, self.q = (self.make_prime(source) for _ in range(2))
        self.modulus = self.p * self.q
        exponent = pow(EXPONENT, -1, (self.p - 1) * (self.q - 1))
        self.exponents = exponent % (self.p - 1), exponent % (self.q - 1)
        self.inverse = pow(self.q, -1, self.p)

    @staticmethod
    def make_prime(source):
        while True:
            number = source.getrandbits(KEY_BITS // 2) | 3 << KEY_BITS // 2 - 2 | 1
            if number % EXPONENT != 1 and is_prime(number, source):
                return number

    def public(self):
        numbers = sequence(integer(self.modulus), integer(EXPONENT))
        return sequence(algorithm(RSA), der(0x03, b'\0' + numbers))

    def sign(self, message):
        """PKCS #1 version 1.5 with SHA-256."""
        info = sequence(algorithm(SHA256), der(0x04, hashlib.sha256(message).digest()))
        padded = b'\0\1' + b'\xff' * (KEY_BITS // 8 - 3 - len(info)) + b'\0' + info
        number = int.from_bytes(padded, 'big')
        mod_p, mod_q = pow(number, self.exponents[0], self.p), pow(number, self.exponents[1], self.q)
        signature = mod_q + (mod_p - mod_q) * self.inverse % self.p * self.q
        return signature.to_bytes(KEY_BITS // 8, 'big')


def name_of(common_name):
    def attribute(id_, text):
        return der(0x31, sequence(object_id(id_), der(0x0C, text.encode())))
    return sequence(attribute('2.5.4.10', 'winnow media'), attribute('2.5.4.3', common_name))


def extension(id_, value, is_critical=False):
    return sequence(object_id(id_), *([der(0x01, b'\xff')] if is_critical else []), der(0x04, value))


def certificate(subject, issuer, serial, key, issuer_key, extensions):
    body = sequence(der(0xA0, integer(2)), integer(serial), algorithm(RSA_SHA256), name_of(issuer),
                    sequence(der(0x17, NOT_BEFORE), der(0x17, NOT_AFTER)), name_of(subject), key.public(),
                    der(0xA3, sequence(*extensions)))
    return sequence(body, algorithm(RSA_SHA256), der(0x03, b'\0' + issuer_key.sign(body)))


class Signer:
    """A root and a signer of code under it."""

    NAME = 'winnow media signer'

    def __init__(self, seed):
        self.root_name = f'winnow media root {seed}'
        root_key, self.key = Key(f'root {seed}'), Key(f'signer {seed}')
        authority = extension('2.5.29.19', sequence(der(0x01, b'\xff')), True)
        code_signing = extension('2.5.29.37', sequence(object_id('1.3.6.1.5.5.7.3.3')))
        self.root = certificate(self.root_name, self.root_name, 1, root_key, root_key, [authority])
        self.certificate = certificate(self.NAME, self.root_name, 2, self.key, root_key, [code_signing])

    def root_pem(self):
        text = base64.encodebytes(self.root).decode().replace('\n', '')
        lines = [text[at:at + 64] for at in range(0, len(text), 64)]
        return '\n'.join(['-----BEGIN CERTIFICATE-----', *lines, '-----END CERTIFICATE-----', ''])


def member(digest, digest_algorithm):
    link = sequence(object_id(CABINET_DATA), der(0xA2, der(0x80)))
    data = sequence(link, sequence(algorithm(digest_algorithm), der(0x04, digest)))
    return sequence(der(0x04, digest), der(0x31, sequence(object_id(INDIRECT_DATA), der(0x31, data))))


def build_catalog(files, signer):
    """`files`: bytes of manifests. By SHA-256 or SHA-1 in turn, as Microsoft's are by either."""
    members = []
    for number, file in enumerate(files):
        if number % 2:
            members.append(member(hashlib.sha1(file).digest(), SHA1))
        else:
            members.append(member(hashlib.sha256(file).digest(), SHA256))
    members = b''.join(sorted(members))
    body = [sequence(object_id(CATALOG_LIST)), der(0x04, hashlib.md5(members).digest()), der(0x17, b'220701120000Z'),
            sequence(object_id(CATALOG_MEMBER), NULL), sequence(members)]
    content = b''.join(body)
    certificates = infos = b''
    if signer is not None:
        certificates = der(0xA0, signer.certificate, signer.root)
        attributes = [sequence(object_id(CONTENT_TYPE), der(0x31, object_id(TRUST_LIST))),
                      sequence(object_id(MESSAGE_DIGEST), der(0x31, der(0x04, hashlib.sha256(content).digest())))]
        attributes = b''.join(sorted(attributes))
        issuer = sequence(name_of(signer.root_name), integer(2))
        infos = sequence(integer(1), issuer, algorithm(SHA256), der(0xA0, attributes), algorithm(RSA),
                         der(0x04, signer.key.sign(der(0x31, attributes))))
    return sequence(object_id(SIGNED_DATA),
                    der(0xA0, sequence(integer(1), der(0x31, algorithm(SHA256)),
                                       sequence(object_id(TRUST_LIST), der(0xA0, sequence(content))), certificates,
                                       der(0x31, infos))))
