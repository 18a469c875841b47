"""Keys and signatures that the official docs publish for demonstration; no secret of anybody."""

from __future__ import annotations

from pathlib import Path

KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
RSA_KEY_FILE = Path(__file__).parent / "published_rsa_key.pem"
RSA_PRIVATE_KEY = RSA_KEY_FILE.read_text()

CHANGE_MODE = "/public/api/ver1/users/change_mode"
JSON_BODY = '{"mode": "paper"}'

# Of the query `mode=paper`, and of the JSON body without a question mark before it.
RSA_QUERY_SIGNATURE = (
    "W+a26NiV6KkWP5zWoaDU9nSHmfObAtbbaq+xPIKwiKIz81Mlgrek/Z51qsAWNXEMCpIGW40IYDo7BTq4FSvOVSxdfrFK3lRqBveo"
    "XW+/50QOd3p+fDe5Ku7Z0U6MvXSUeFOguMBxP7er1SLGOb5RLYI/2GPMI5txLAoSsTLjGkWOc7S3ZhUpxEfxSCp8wCFp6E99biIX"
    "2MhIT1/AAl290ID76Wr1dj9Y3QxIl6KtQlbpEqhvWBaadYaYyZR5YjHAn5NWAE2cvxLkH+SQE1khzAdB6T9ZJ9sgMtY1bOzTTV/C"
    "j9W0SABCYr4In12+uFY0lB+ANvgi8hLr2NCl775Wdw=="
)
RSA_JSON_SIGNATURE = (
    "EEVNxc6DLLb6PVNzc3jeNkVXVIfgHJVrfLws4Hm7wynLTLlDe6QpwPmOeT/5lAZDsft+sIN0nwo4SBNKmkea6mtxkcVz/8BuP3rh"
    "QVeGhRn3lAGy/nacsP35B50IMDx+ge1tnkjGGL4IbjtbfP5v+UVLMpJpWfVzQGlWpyLEL6PHAu7cuYs5Ug8lbfq4zgrpl1tSmemN"
    "VAedU4D4qYE/LaPB/z/urzoFYQZzobZbnXpLh4MRLaTjUgTNuiJawpk+j0K7Xk2AvHt+gY1TNOCmbRvjaP+ihgzZA0m4h32s7EdG"
    "MznI55C4CVftKQRVIfyR6TIifoljCG5nNJNZtTj98Q=="
)
