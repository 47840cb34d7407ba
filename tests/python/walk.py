"""A client of a hall that knows nothing but its address: all types come from reflection.

    python3 tests/python/walk.py ADDRESS CA CERTIFICATE KEY COMMAND

COMMAND is `submit` (reads proto3 JSON lines from stdin), `follow`, `status`, or `services`.
The last line of stdout is one JSON object. Exit 0; exit 4 when the hall could not be called, with
the gRPC code in the answer.
"""

import json
import pathlib
import sys

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

DEADLINE = 30
FINAL = "hallway.v1."


class Hall:
    """A channel to a hall, and its schema as the hall tells it."""

    def __init__(self, address, authority, certificate, key):
        files = [pathlib.Path(path).read_bytes() for path in (authority, key, certificate)]
        self.channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(*files))
        grpc.channel_ready_future(self.channel)
        self.reflection = ProtoReflectionDescriptorDatabase(self.channel)
        self.pool = descriptor_pool.DescriptorPool(self.reflection)

    def services(self):
        return sorted(self.reflection.get_services())

    def message(self, name):
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(FINAL + name))

    def call(self, service, method, request):
        """The answer, or an iterator over answers when the method streams them."""
        described = self.pool.FindServiceByName(FINAL + service).FindMethodByName(method)
        answer = message_factory.GetMessageClass(described.output_type)
        kind = self.channel.unary_stream if described.server_streaming else self.channel.unary_unary
        stub = kind(
            f"/{FINAL}{service}/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=answer.FromString,
        )
        return stub(request, timeout=DEADLINE)


def submit(hall):
    request = hall.message("SubmitRequest")()
    for line in sys.stdin:
        json_format.Parse(line, request.submissions.add(), descriptor_pool=hall.pool)
    outcomes = hall.call("SubmissionService", "Submit", request).outcomes
    taken = [outcome.acknowledgement for outcome in outcomes if outcome.HasField("acknowledgement")]
    return {
        "acknowledged": sum(not one.repeated_message for one in taken),
        "repeated": sum(one.repeated_message for one in taken),
        "refused": len(outcomes) - len(taken),
        "records": [one.record_id for one in taken],
    }


def follow(hall):
    request = hall.message("FollowRequest")(until_now=True)
    items = list(hall.call("FeedService", "Follow", request))
    return {
        "items": len(items),
        "records": [item.head.stamp.record_id for item in items],
        "kinds": sorted({item.head.kind for item in items}),
        "titles": [item.open.permit.document_title for item in items],
        "sealed": all(item.seal.startswith(item.ledger + "\n") for item in items),
    }


def status(hall):
    answer = hall.call("OperationsService", "Status", hall.message("StatusRequest")())
    return json_format.MessageToDict(answer, preserving_proto_field_name=True)


def services(hall):
    return {"services": hall.services()}


def main():
    address, authority, certificate, key, command = sys.argv[1:]
    commands = {"submit": submit, "follow": follow, "status": status, "services": services}
    try:
        answer, code = commands[command](Hall(address, authority, certificate, key)), 0
    except grpc.RpcError as error:
        answer, code = {"code": error.code().name, "details": error.details()}, 4
    print(json.dumps(answer, ensure_ascii=False))
    sys.exit(code)


if __name__ == "__main__":
    main()
