/** Top-level domains that make bare words such as `example.com` links: all country codes (ISO 3166) and the usual generic ones. */
const COUNTRY_CODES =
  'ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz ' +
  'ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ' +
  'ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it ' +
  'je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq ' +
  'mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa ' +
  're ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr ' +
  'tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw'
const GENERIC =
  'academy app art biz blog cafe chat city cloud club codes com company community design dev digital edu email events ' +
  'expert fun fund games gallery gov group guru host info ink int jobs land lat life link live ltd media men mil mobi ' +
  'money moscow museum name net network news ninja one online onion org page party photo photos plus press pro promo pub ' +
  'report rest review rocks run sale school services shop show site social software solutions space store stream studio ' +
  'support systems tech technology tel tips today tools ton tokyo top tours town trade travel tube uno video vip watch ' +
  'web website wiki win work works world wtf xyz zone рф бел укр мкд срб қаз'

const TOP_LEVEL_DOMAINS: ReadonlySet<string> = new Set(`${COUNTRY_CODES} ${GENERIC}`.split(' '))

/** Whether the last label of a host name is a top-level domain that links are made of. */
export function isKnownTopLevelDomain(label: string): boolean {
  return TOP_LEVEL_DOMAINS.has(label.toLowerCase()) || /^xn--[a-z0-9-]{2,59}$/i.test(label)
}
