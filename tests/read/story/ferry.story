(Port Marrow) -- The night ferry will sail through the winter, the council of Port Marrow decided on Tuesday after a meeting of two hours.

“We counted sixty people on the last boat,” Mayor Ines Calder said. “None of them was there for the view.”

@highlight

The ferry stays

@highlight

Sixty people used it
