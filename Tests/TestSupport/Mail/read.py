"""What Python's own library reads in a mail, as JSON."""
import email, email.policy, json, sys

raw = open(sys.argv[1], "rb").read()
message = email.message_from_bytes(raw, policy=email.policy.default)
parts = [part for part in message.walk() if not part.is_multipart()]
print(json.dumps({
    "headers": {name: str(value) for name, value in message.items()},
    "names": [name for name, _ in message.items()],
    "type": message.get_content_type(),
    "parts": [{"type": part.get_content_type(), "text": part.get_content().replace("\r\n", "\n")} for part in parts],
    "defects": [str(defect) for part in message.walk() for defect in part.defects]
               + [str(defect) for value in message.values() for defect in getattr(value, "defects", ())],
    "longest": max(len(line) for line in raw.split(b"\r\n")),
    "bare": raw.replace(b"\r\n", b"").count(b"\n") + raw.replace(b"\r\n", b"").count(b"\r"),
    "ascii": raw.isascii(),
}))
