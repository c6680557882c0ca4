"""Opens what Custos sealed, with Python's `cryptography` alone.

python3 envelope.py                                    checks the vector in envelope.json
python3 envelope.py DATA OBJECT RECORD FIELD           opens one value of a SQLite installation
"""
import hashlib, hmac, json, pathlib, sqlite3, sys, uuid
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def unwrap(key, context, wrapped):
    """A wrapped key: nonce (12), ciphertext and tag (48)."""
    return AESGCM(key).decrypt(wrapped[:12], wrapped[12:], context)


def epoch_key(root, epoch, wrapped):
    return unwrap(root, f"epoch:{epoch}".encode(), wrapped)


def subject_key(epoch_key, epoch, subject, wrapped):
    return unwrap(epoch_key, b"custos.subject.1\0" + epoch.to_bytes(4, "big") + subject, wrapped)


def open_cell(key, object, record, field, cell):
    """A cell: 01, key version (4), nonce (12), ciphertext and tag."""
    if cell[0] != 1:
        raise ValueError(f"envelope version {cell[0]} is unknown")
    place = b"custos.cell.1\0" + object.encode() + b"\0" + record + field.encode() + b"\0" + cell[1:5]
    return AESGCM(key).decrypt(cell[5:17], cell[17:], place)


def object_subject(object):
    """Whose key the cells of a record about nobody are sealed under."""
    id = bytearray(hashlib.sha256(b"custos.object\0" + object.encode()).digest()[:16])
    id[6] = id[6] & 0x0F | 0x80
    id[8] = id[8] & 0x3F | 0x80
    return bytes(id)


def blind(index_key, object, field, exact_key, bits):
    tag = hmac.digest(index_key, f"{object}\0{field}\0{exact_key}".encode(), "sha256")
    return int.from_bytes(tag[:8], "big") >> (64 - bits)


def check_vector(v):
    of = lambda name: bytes.fromhex(v[name])
    key = epoch_key(of("root_key"), v["epoch"], of("wrapped_epoch_key"))
    key = subject_key(key, v["epoch"], of("subject"), of("wrapped_subject_key"))
    plain = open_cell(key, v["object"], of("record"), v["field"], of("cell"))
    assert plain.decode() == v["plain"]
    assert object_subject("part") == of("object_subject_of_part")
    index = unwrap(of("root_key"), b"index", of("wrapped_index_key"))
    assert blind(index, v["object"], v["field"], v["exact_key"], v["blind_bits"]) == v["blind"]
    try:
        open_cell(key, v["object"], of("record"), "mobile", of("cell"))
    except Exception:
        print("The vector holds; the cell does not open in another field.")
    else:
        sys.exit("the cell opened where it does not belong")


def open_value(data, object, record, field):
    root = bytes.fromhex((data / "root.key").read_text().strip())
    db = sqlite3.connect(f"file:{data}/custos.db?mode=ro", uri=True)
    keys = sqlite3.connect(f"file:{data}/keys.db?mode=ro", uri=True)
    subject, cell = db.execute(f'select subject, "f_{field}" from "r_{object}" where id = ?', [record]).fetchone()
    epoch, wrapped = keys.execute("select epoch, wrapped from subject_key where subject = ?", [subject]).fetchone()
    (sealed,) = keys.execute("select wrapped from epoch where number = ?", [epoch]).fetchone()
    key = subject_key(epoch_key(root, epoch, sealed), epoch, subject, wrapped)
    return open_cell(key, object, record, field, cell)


if len(sys.argv) == 5:
    data, object, record, field = sys.argv[1:]
    print(open_value(pathlib.Path(data), object, uuid.UUID(record).bytes, field).decode())
else:
    check_vector(json.loads(pathlib.Path(__file__).with_name("envelope.json").read_text()))
