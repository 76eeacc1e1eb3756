filedesc://old.arc 192.0.2.1 20240920060000 text/plain 68
1 0 By hand
URL IP-address Archive-date Content-type Archive-length

http://post.example/ferry 192.0.2.1 20240920060000 text/html 708
HTTP/1.1 200 OK
Content-Type: text/html

<!DOCTYPE html><html lang="en"><head><title>Night Ferry Stays Through Winter | The Harbour Post</title><meta property="article:published_time" content="2024-09-17T21:05:00+01:00"><meta property="og:site_name" content="The Harbour Post"></head><body><nav><a href="/">Home</a> <a href="/town">Town</a></nav><article><h1>Night Ferry Stays Through Winter</h1><p>The night ferry will sail through the winter, the council of Port Marrow decided on Tuesday after a meeting of two hours.</p><p>“We counted sixty people on the last boat,” Mayor Ines Calder said. “None of them was there for the view.”</p></article><footer>© The Harbour Post</footer></body></html>
http://post.example/x.gif 192.0.2.1 20240920060000 image/gif 50
HTTP/1.1 200 OK
Content-Type: image/gif

GIF89a
dns:post.example 192.0.2.1 20240920060000 text/dns 42
20240920
post.example. 300 IN A 192.0.2.1

