"""A QR code as the path of an inline SVG, since our pages let no picture of data in."""

from dataclasses import dataclass

from qrcode.main import QRCode


@dataclass(frozen=True, slots=True)
class QrPath:
    # Modules to a side, the quiet ones around it counted in.
    size: int
    path: str


def qr_path(text: str) -> QrPath:
    code = QRCode(border=4)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return QrPath(len(rows), path)
