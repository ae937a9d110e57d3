package dev.escala.documents;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * What a file of draw.io says, as far as this repository draws with it: boxes, icons and texts at
 * fixed places, and lines between them whose ends and corners are given.
 *
 * @param cells in the order in which they are painted, groups before what lies in them
 */
record Drawing(List<Cell> cells) {

  /** A point of the page, in its pixels; y grows downwards. */
  record Point(double x, double y) {}

  /** A place on the page, in its pixels. */
  record Box(double x, double y, double width, double height) {
    boolean overlaps(Box other) {
      return x < other.x + other.width
          && other.x < x + width
          && y < other.y + other.height
          && other.y < y + height;
    }

    boolean contains(Box other) {
      return x <= other.x
          && y <= other.y
          && other.x + other.width <= x + width
          && other.y + other.height <= y + height;
    }
  }

  /**
   * A box, an icon, a text, or a line.
   *
   * @param families resources of Terraform that it stands for, such as {@code aws_sqs_queue}
   * @param box where it is; of a line all zero
   * @param source where a line begins, a cell's id; else empty
   * @param corners of a line, between its ends
   */
  record Cell(
      String id,
      String label,
      Map<String, String> style,
      Set<String> families,
      Box box,
      String source,
      String target,
      List<Point> corners,
      boolean isLine) {

    String style(String key, String otherwise) {
      return style.getOrDefault(key, otherwise);
    }

    double number(String key, double otherwise) {
      return Double.parseDouble(style(key, String.valueOf(otherwise)));
    }

    boolean is(String key) {
      return style(key, "0").equals("1");
    }
  }

  Drawing {
    cells = List.copyOf(cells);
  }

  Map<String, Cell> byId() {
    Map<String, Cell> byId = new LinkedHashMap<>();
    cells.forEach(cell -> byId.put(cell.id(), cell));
    return byId;
  }

  /**
   * Reads the text of a file that was saved uncompressed.
   *
   * @throws IllegalArgumentException if it is not well formed, an id is there twice, or a line ends
   *     at nothing
   */
  static Drawing parse(String xml) {
    NodeList elements = document(xml).getElementsByTagName("mxCell");
    if (elements.getLength() == 0) {
      throw new IllegalArgumentException(
          "no mxCell: save it with File, Properties, Compressed switched off");
    }
    Reading reading = new Reading();
    for (int i = 0; i < elements.getLength(); i++) {
      reading.add((Element) elements.item(i));
    }
    return reading.drawing();
  }

  private static Document document(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return builder.parse(new InputSource(new StringReader(xml)));
    } catch (SAXException malformed) {
      throw new IllegalArgumentException("not well formed: " + malformed.getMessage(), malformed);
    } catch (ParserConfigurationException | IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Gathers the cells; places are relative to the parent, which comes first. */
  private static final class Reading {
    private final Map<String, Cell> cells = new LinkedHashMap<>();
    private final Map<String, Point> origins = new HashMap<>();
    private final Set<String> ids = new TreeSet<>();

    void add(Element element) {
      // What has properties of its own is wrapped: id, label and properties are the wrapper's.
      boolean wrapped =
          element.getParentNode() instanceof Element parent && parent.hasAttribute("label");
      Element owner = wrapped ? (Element) element.getParentNode() : element;
      String id = owner.getAttribute("id");
      if (id.isEmpty() || !ids.add(id)) {
        throw new IllegalArgumentException("id is missing or there twice: '%s'".formatted(id));
      }
      Point origin = origins.getOrDefault(element.getAttribute("parent"), new Point(0, 0));
      boolean line = element.getAttribute("edge").equals("1");
      if (!line && !element.getAttribute("vertex").equals("1")) {
        return;
      }
      Box box = line ? new Box(0, 0, 0, 0) : box(element, origin);
      origins.put(id, new Point(box.x(), box.y()));
      cells.put(
          id,
          new Cell(
              id,
              owner.getAttribute(wrapped ? "label" : "value"),
              style(element.getAttribute("style")),
              families(owner.getAttribute("terraform")),
              box,
              element.getAttribute("source"),
              element.getAttribute("target"),
              corners(element, origin),
              line));
    }

    Drawing drawing() {
      for (Cell cell : cells.values()) {
        for (String end :
            cell.isLine() ? List.of(cell.source(), cell.target()) : List.<String>of()) {
          if (!cells.containsKey(end) || cells.get(end).isLine()) {
            throw new IllegalArgumentException(
                "line '%s' ends at '%s', which is no box".formatted(cell.id(), end));
          }
        }
      }
      return new Drawing(new ArrayList<>(cells.values()));
    }

    private static Set<String> families(String text) {
      return text.isBlank() ? Set.of() : new TreeSet<>(List.of(text.strip().split("\\s+", -1)));
    }

    private static Map<String, String> style(String text) {
      Map<String, String> style = new LinkedHashMap<>();
      for (String part : List.of(text.split(";", -1))) {
        int equals = part.indexOf('=');
        if (part.isEmpty()) {
          continue;
        }
        style.put(
            equals < 0 ? part : part.substring(0, equals),
            equals < 0 ? "1" : part.substring(equals + 1));
      }
      return Map.copyOf(style);
    }

    private static Box box(Element element, Point origin) {
      Element geometry = (Element) element.getElementsByTagName("mxGeometry").item(0);
      return new Box(
          origin.x() + number(geometry, "x"),
          origin.y() + number(geometry, "y"),
          number(geometry, "width"),
          number(geometry, "height"));
    }

    private static List<Point> corners(Element element, Point origin) {
      NodeList points = element.getElementsByTagName("mxPoint");
      List<Point> corners = new ArrayList<>();
      for (int i = 0; i < points.getLength(); i++) {
        Element point = (Element) points.item(i);
        if (!point.hasAttribute("as")) {
          corners.add(new Point(origin.x() + number(point, "x"), origin.y() + number(point, "y")));
        }
      }
      return List.copyOf(corners);
    }

    private static double number(Element element, String attribute) {
      String text = element.getAttribute(attribute);
      return text.isEmpty() ? 0 : Double.parseDouble(text);
    }
  }
}
