"""What the test sees of the shop from inside: an access log with times that can be compared, and a rate over any seconds."""
import json
import os
import time

from rest_framework.throttling import UserRateThrottle


class AccessLog:
    def __init__(self, answer):
        self.answer = answer

    def __call__(self, request):
        came = time.monotonic()
        response = self.answer(request)
        who = request.headers.get('Authorization', '').split(' ')[0]
        line = {'came': came, 'left': time.monotonic(), 'who': who, 'path': request.get_full_path(),
                'status': response.status_code, 'wait': response.headers.get('Retry-After')}
        with open(os.environ['SHOP_FOLDER'] + '/access.jsonl', 'a') as log:
            log.write(json.dumps(line) + '\n')
        return response


class Throttle(UserRateThrottle):
    """The API's own, but that `8/3s` is a rate: with minutes a test would take some."""

    def parse_rate(self, rate):
        calls, seconds = rate.rstrip('s').split('/')
        return int(calls), int(seconds)
