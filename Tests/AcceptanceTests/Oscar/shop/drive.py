"""Buyers and staff of the shop, by its own API and its own pages: drive.py ADDRESS DATABASE SEED open|change|hold.

open    orders through baskets and checkout, most of them moved on, some lines and orders returned, reviews, most approved
change  a line and an order returned, an order canceled, a new order, a review approved and a new one written
hold    an order put on hold
"""
import base64
import http.cookiejar
import json
import random

import sqlite3
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

address, database, seed, step = sys.argv[1:]
chance = random.Random(f'{seed} {step}')


def rows(query, *values):
    with sqlite3.connect(database, timeout=20) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(query, values).fetchall()


def api(who, path, body=None):
    """As a buyer; the shop's pace is kept."""
    call = urllib.request.Request(address + path if path.startswith('/') else path, json.dumps(body).encode() if body else None)
    call.add_header('Authorization', 'Basic ' + base64.b64encode(f'{who}:buyer'.encode()).decode())
    call.add_header('Content-Type', 'application/json')
    while True:
        try:
            return json.load(urllib.request.urlopen(call))
        except urllib.error.HTTPError as error:
            if error.code != 429:
                raise SystemExit(f'{path}: {error.code} {error.read()[:500]}')
            time.sleep(float(error.headers['Retry-After']))


class Visitor:
    """A person at the shop's pages."""

    def __init__(self, name, password, login):
        self.cookies = http.cookiejar.CookieJar()
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.browser.open(address + login).read()
        self.post(login, {'username': name, 'password': password, 'login-username': name, 'login-password': password,
                          'login_submit': 'Log In'})

    def post(self, path, form):
        token = {'csrfmiddlewaretoken': cookie.value for cookie in self.cookies if cookie.name == 'csrftoken'}
        data = urllib.parse.urlencode({**form, **token}).encode()
        try:
            return self.browser.open(address + path, data).read().decode()
        except urllib.error.HTTPError as error:
            raise SystemExit(f'{path}: {error.code} {error.read()[:500]}')


def staff():
    return Visitor('staff@example.com', 'staff', '/dashboard/login/')


def place(buyer):
    for product in chance.sample(products, chance.randint(1, 3)):
        api(buyer, '/api/basket/add-product/', {'url': product['url'], 'quantity': chance.randint(1, 3)})
    basket = api(buyer, '/api/basket/')
    api(buyer, '/api/checkout/', {
        'basket': basket['url'], 'shipping_address': {
            'country': address + '/api/countries/GB/', 'first_name': 'Mary', 'last_name': 'Sample', 'line1': '1 High Street',
            'line4': 'London', 'postcode': 'N12 9RT', 'title': 'Ms'}})
    return rows('select id, number from order_order order by id desc limit 1')[0]


def move(order, *statuses):
    for status in statuses:
        desk.post(f'/dashboard/orders/{order["number"]}/', {'order_action': 'change_order_status', 'new_status': status})
    found = rows('select status from order_order where id = ?', order['id'])[0]['status']
    if statuses and found != statuses[-1]:
        raise SystemExit(f'order {order["number"]} is {found}, not {statuses[-1]}')


def give_back(line):
    order = rows('select number from order_order where id = ?', line['order_id'])[0]
    desk.post(f'/dashboard/orders/{order["number"]}/', {
        'line_action': 'change_line_statuses', 'new_status': 'Returned', 'selected_line': line['id'],
        f'selected_line_qty_{line["id"]}': line['quantity']})
    if rows('select status from order_line where id = ?', line['id'])[0]['status'] != 'Returned':
        raise SystemExit(f'line {line["id"]} was not returned')


def review(buyer, product, score):
    person = Visitor(f'{buyer}@example.com', 'buyer', '/accounts/login/')
    slug = rows('select slug from catalogue_product where id = ?', product)[0]['slug']
    before = len(rows('select id from reviews_productreview'))
    person.post(f'/catalogue/{slug}_{product}/reviews/add/', {'title': 'My view', 'score': score, 'body': 'As Mary Sample found it.'})
    found = rows('select id from reviews_productreview order by id')
    if len(found) != before + 1:
        raise SystemExit(f'{buyer} could not review product {product}')
    return found[-1]['id']


def judge(number, status):
    found = rows('select * from reviews_productreview where id = ?', number)[0]
    desk.post(f'/dashboard/reviews/{number}/', {'title': found['title'], 'body': found['body'], 'score': found['score'], 'status': status})
    if rows('select status from reviews_productreview where id = ?', number)[0]['status'] != status:
        raise SystemExit(f'review {number} was not judged')


def products_there():
    return api('buyer0', '/api/products/?limit=100')['results']


products, desk = products_there(), staff()
if step == 'open':
    courses = [[], ['Being processed'], ['Being processed', 'Shipped'], ['Being processed', 'Shipped', 'Returned'], ['Cancelled'],
               ['Being processed', 'Cancelled']]
    for number in range(22):
        order = place(f'buyer{number % 8}')
        move(order, *(courses[number] if number < len(courses) else chance.choices(courses, [1, 1, 8, 1, 1, 1])[0]))
        # The shop dates orders by its clock; a history has days.
        rows("update order_order set date_placed = strftime('%Y-%m-%d %H:%M:%S', date_placed, ?) || substr(date_placed, 20) where id = ?",
             f'-{chance.randint(1, 40)} days', order['id'])
    shipped = rows("select l.* from order_line l join order_order o on o.id = l.order_id where o.status = 'Shipped' order by l.id")
    for line in chance.sample(shipped, 4):
        give_back(line)
    judged = []
    for buyer in range(6):
        for product in chance.sample(range(1, 6), 2):
            number = review(f'buyer{buyer}', product, chance.randint(1, 5))
            # One waits, one is turned down, whatever the seed.
            verdict = {0: 0, 1: 2}.get(len(judged), chance.choices([0, 1, 2], [1, 7, 1])[0])
            judged.append(verdict)
            if verdict:
                judge(number, verdict)
            rows("update reviews_productreview set date_created = strftime('%Y-%m-%d %H:%M:%S', date_created, ?) || substr(date_created, 20) where id = ?",
                 f'-{chance.randint(1, 30)} days', number)
elif step == 'change':
    shipped = rows("select l.* from order_line l join order_order o on o.id = l.order_id where o.status = 'Shipped' and l.status = 'Shipped' order by l.id")
    lines = chance.sample(shipped, 2)
    give_back(lines[0])
    move(rows('select * from order_order where id = ?', next(l['order_id'] for l in shipped if l['order_id'] != lines[0]['order_id']))[0], 'Returned')
    move(rows("select * from order_order where status in ('Pending', 'Being processed') order by id limit 1")[0], 'Cancelled')
    move(place('buyer7'), 'Being processed')
    judge(rows('select id from reviews_productreview where status != 1 order by id limit 1')[0]['id'], 1)
    judge(review('buyer7', chance.randint(1, 5), 1), 1)
elif step == 'hold':
    move(place('buyer6'), 'On hold')
