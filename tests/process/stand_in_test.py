"""The stand-in as public clients of the API meet it: their ways of sending, and the answers that the documentation has."""
import http.client
import json
import urllib.parse
import uuid

from harness import TOKEN, ProcessTest, main

# Every field that getCrmClients lists, and what it holds when nobody has set it (documented).
LISTED = {"crm_client_id": 1, "status_id": 0, "star": 0, "contractor_id": 0,
          **{name: "" for name in
             ("login", "email", "phone",
              *(f"{kind}_{part}" for kind in ("invoice", "delivery")
                for part in ("company", "fullname", "address", "postcode", "city", "state", "country_code")),
              "invoice_tax_id")}}


class Client:
    """One of several habits of sending the same call."""

    def __init__(self, sandbox, token=TOKEN):
        self.port, self.token = sandbox.port, token

    def send(self, body, headers, verb="POST"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(verb, "/connector.php", body.encode() if body is not None else None, headers)
        answer = connection.getresponse()
        said = answer.read().decode()
        connection.close()
        return answer.status, answer.getheader("Content-Type"), said

    def form(self, method, parameters, type="application/x-www-form-urlencoded"):
        """As most do: encoded, the token in the header."""
        body = urllib.parse.urlencode({"method": method, "parameters": json.dumps(parameters)})
        return json.loads(self.send(body, {"X-BLToken": self.token, "Content-Type": type})[2])

    def token_in_form(self, method, parameters):
        body = urllib.parse.urlencode({"token": self.token, "method": method, "parameters": json.dumps(parameters)})
        return json.loads(self.send(body, {"Content-Type": "application/x-www-form-urlencoded"})[2])

    def unencoded(self, method, parameters):
        body = f"method={method}&parameters={json.dumps(parameters, ensure_ascii=False)}"
        return json.loads(self.send(body, {"X-BLToken": self.token,
                                           "Content-Type": "application/x-www-form-urlencoded"})[2])

    def multipart(self, method, parameters):
        boundary = uuid.uuid4().hex
        parts = {"method": method, "parameters": json.dumps(parameters)}
        body = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
                       for name, text in parts.items()) + f"--{boundary}--\r\n"
        return json.loads(self.send(body, {"X-BLToken": self.token,
                                           "Content-Type": f"multipart/form-data; boundary={boundary}"})[2])


class StandIn(ProcessTest):
    def test_a_client_is_shown_field_by_field_as_the_documentation_has_it(self):
        client = Client(self.sandbox())
        self.assertEqual(client.form("addCrmClient", {}), {"status": "SUCCESS", "crm_client_id": 1})
        self.assertEqual(client.form("getCrmClients", {"page": 1})["clients"], [LISTED])
        shown = client.form("getCrmClientData", {"crm_client_id": 1, "include_custom_extra_fields": True})
        self.assertEqual(shown, {"status": "SUCCESS", **LISTED, "notes": "", "custom_extra_fields": {}})
        integrations = client.form("getConnectIntegrations", [])["integrations"]
        self.assertEqual(set(integrations), {"own_integrations", "connected_integrations"})
        contractors = client.form("getConnectIntegrationContractors", {"connect_integration_id": 7})["contractors"]
        for key, contractor in contractors.items():
            self.assertNotEqual(int(key), contractor["connect_contractor_id"])
            self.assertEqual(set(contractor), {"connect_contractor_id", "name", "credit_data", "settings"})

    def test_every_way_of_sending_is_understood_and_refused_when_strict(self):
        habits = ("token_in_form", "unencoded", "multipart")
        client = Client(self.sandbox())
        for number, habit in enumerate(habits, 1):
            made = getattr(client, habit)("addCrmClient", {"login": f"100% & żółw {number}", "email": "a+b@c.pl"})
            if habit == "unencoded":
                self.assertEqual(made["crm_client_id"], number, "a percent sign is no escape there")
            shown = client.form("getCrmClientData", {"crm_client_id": made["crm_client_id"]})
            self.assertEqual((shown["login"], shown["email"]), (f"100% & żółw {number}", "a+b@c.pl"), habit)
        self.assertEqual(client.form("getCrmClients", [], "Application/X-WWW-Form-Urlencoded; charset=utf-8")["status"],
                         "SUCCESS")

    def test_what_is_deprecated_or_odd_is_refused_when_strict(self):
        strict = Client(self.sandbox("--strict-transport"))
        self.assertEqual(strict.token_in_form("getCrmClients", [])["error_code"], "ERROR_EMPTY_TOKEN")
        self.assertEqual(strict.multipart("getCrmClients", [])["error_code"], "ERROR_UNKNOWN_METHOD")
        self.assertEqual(strict.unencoded("addCrmClient", {"login": "5 %"})["error_code"], "ERROR_UNKNOWN_METHOD")

    def test_errors_are_json_labelled_as_the_service_labels_it(self):
        client = Client(self.sandbox())
        headers = {"X-BLToken": TOKEN}
        status, type, said = client.send(None, headers, "GET")
        self.assertEqual((status, type.split(";")[0], json.loads(said)["error_message"]),
                         (200, "text/html", "An unknown method has been used"))
        status, _, said = client.send('{"method": "getCrmClients"}', {**headers, "Content-Type": "application/json"})
        self.assertEqual((status, json.loads(said)["error_code"]), (200, "ERROR_UNKNOWN_METHOD"))

    def test_a_wrong_token_takes_nothing_from_the_account(self):
        sandbox = self.sandbox("--limit", "2", "--read-only-token", "eyes")
        stranger, reader, owner = Client(sandbox, "wrong"), Client(sandbox, "eyes"), Client(sandbox)
        for _ in range(5):
            self.assertEqual(stranger.form("getCrmClients", [])["error_code"], "ERROR_BAD_TOKEN")
        self.assertEqual(owner.form("getCrmClients", [])["status"], "SUCCESS")
        self.assertEqual(reader.form("getCrmClients", [])["status"], "SUCCESS")
        self.assertEqual(owner.form("getCrmClients", [])["error_code"], "ERROR_BLOCKED_TOKEN")

    def test_a_token_that_only_reads_cannot_write(self):
        sandbox = self.sandbox("--read-only-token", "eyes")
        self.assertEqual(Client(sandbox, "eyes").form("addCrmClient", {})["error_code"], "ERROR_UNKNOWN_METHOD")
        self.assertEqual(sandbox.clients(), [])


main()
