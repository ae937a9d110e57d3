package dev.escala.browser;

import static dev.escala.testing.Eventually.eventually;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A tab as a person uses it: with a mouse and keys that go through the browser's own input. */
public final class Page {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Map<String, Integer> KEYS =
      Map.ofEntries(
          Map.entry("Enter", 13),
          Map.entry("Escape", 27),
          Map.entry("Tab", 9),
          Map.entry(" ", 32),
          Map.entry("Home", 36),
          Map.entry("End", 35),
          Map.entry("ArrowLeft", 37),
          Map.entry("ArrowUp", 38),
          Map.entry("ArrowRight", 39),
          Map.entry("ArrowDown", 40),
          Map.entry("PageDown", 34));
  private static final int CONTROL = 2;
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

  /** Only a test that fails waits for it. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final DevTools tools;
  private final String session;
  private final List<String> troubles = new CopyOnWriteArrayList<>();

  private Page(DevTools tools, String session) {
    this.tools = tools;
    this.session = session;
    tools.listen(this::note);
  }

  static Page of(DevTools tools, String session) throws IOException, InterruptedException {
    Page page = new Page(tools, session);
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      page.send(domain + ".enable", Map.of());
    }
    return page;
  }

  private JsonNode send(String method, Map<String, ?> parameters)
      throws IOException, InterruptedException {
    return tools.send(session, method, parameters);
  }

  /**
   * What a developer would see in red: exceptions, what the security policy forbade, and files of
   * the console that are not there. That the API refuses something is for the page to tell.
   */
  private void note(JsonNode event) {
    if (!event.path("sessionId").asString("").equals(session)) {
      return;
    }
    JsonNode parameters = event.path("params");
    switch (event.path("method").asString()) {
      case "Runtime.exceptionThrown" ->
          troubles.add(parameters.path("exceptionDetails").path("exception").toString());
      case "Log.entryAdded" -> {
        JsonNode entry = parameters.path("entry");
        if (entry.path("level").asString().equals("error")
            && (!entry.path("source").asString().equals("network")
                || entry.path("url").asString().contains("/console/"))) {
          troubles.add(entry.path("text").asString() + " " + entry.path("url").asString(""));
        }
      }
      default -> {}
    }
  }

  /** What went wrong in the page so far. */
  public List<String> troubles() {
    return List.copyOf(troubles);
  }

  /** Goes to an address; returns when the document is there. */
  public Page open(String address) throws IOException, InterruptedException {
    send("Page.navigate", Map.of("url", address));
    return until("document.readyState === 'complete'");
  }

  /** Loads the same address anew. */
  public Page reload() throws IOException, InterruptedException {
    run("window.before = true");
    send("Page.reload", Map.of());
    return until("!window.before && document.readyState === 'complete'");
  }

  /** The size of the window; that of a phone has touch, and no mouse that hovers. */
  public Page size(int width, int height) throws IOException, InterruptedException {
    send(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    return this;
  }

  /** What the system of the person prefers. */
  public Page prefers(String scheme) throws IOException, InterruptedException {
    send(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    return this;
  }

  /** The value of an expression of JavaScript; of a promise, what it gives. */
  public JsonNode run(String script) throws IOException, InterruptedException {
    JsonNode told =
        send(
            "Runtime.evaluate",
            Map.of("expression", script, "awaitPromise", true, "returnByValue", true));
    if (told.has("exceptionDetails")) {
      throw new AssertionError(script + ": " + told.path("exceptionDetails"));
    }
    return told.path("result").path("value");
  }

  /** Waits until an expression is true. */
  public Page until(String condition) {
    eventually(
        PATIENCE,
        () -> condition + " on " + seen(),
        () -> run("Boolean(" + condition + ")").asBoolean());
    return this;
  }

  /** Waits until the page shows a text, anywhere. */
  public Page untilShown(String text) {
    return until("document.body.innerText.includes(" + quoted(text) + ")");
  }

  private String seen() {
    try {
      return run("location.href + '\\n' + document.body.innerText.slice(0, 2000)").asString("")
          + troubles;
    } catch (IOException | InterruptedException failure) {
      return failure.toString();
    }
  }

  /** The visible text of the first element that fits. */
  public String text(String selector) throws IOException, InterruptedException {
    return run("document.querySelector(" + quoted(selector) + ")?.innerText ?? ''").asString();
  }

  /** The texts of all elements that fit, as they stand in the document. */
  public List<String> texts(String selector) throws IOException, InterruptedException {
    List<String> texts = new ArrayList<>();
    run("[...document.querySelectorAll(" + quoted(selector) + ")].map(each => each.textContent)")
        .forEach(each -> texts.add(each.asString()));
    return texts;
  }

  /** Presses the mouse on the first element that fits, once it is there and nothing covers it. */
  public Page click(String selector) throws IOException, InterruptedException {
    return click(selector, "");
  }

  /** The same of those that contain a text. */
  public Page click(String selector, String text) throws IOException, InterruptedException {
    String find =
        """
        (() => {
          const found = [...document.querySelectorAll(%s)].find(each => each.textContent.includes(%s));
          found?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
          const box = found?.getBoundingClientRect();
          if (!box || box.width === 0 || found.disabled) { return null; }
          const at = [box.x + box.width / 2, box.y + box.height / 2];
          const top = document.elementFromPoint(...at);
          return top && (found.contains(top) || top.contains(found)) ? at : null;
        })()\
        """
            .formatted(quoted(selector), quoted(text));
    until(find);
    JsonNode at = run(find);
    for (String type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
      send(
          "Input.dispatchMouseEvent",
          Map.of(
              "type",
              type,
              "x",
              at.path(0).asDouble(),
              "y",
              at.path(1).asDouble(),
              "button",
              type.equals("mouseMoved") ? "none" : "left",
              "clickCount",
              1));
    }
    return this;
  }

  /** Chooses of a list, as the keyboard of a person would. */
  public Page choose(String selector, String label) throws IOException, InterruptedException {
    until("document.querySelector(%s)".formatted(quoted(selector)));
    run(
        """
        (() => {
          const list = document.querySelector(%s);
          list.selectedIndex = [...list.options].findIndex(each => each.label.includes(%s));
          list.dispatchEvent(new Event('change', { bubbles: true }));
        })()\
        """
            .formatted(quoted(selector), quoted(label)));
    return this;
  }

  /** Types a text where the keyboard is. */
  public Page type(String text) throws IOException, InterruptedException {
    send("Input.insertText", Map.of("text", text));
    return this;
  }

  /** Presses a key where the keyboard is. */
  public Page press(String key) throws IOException, InterruptedException {
    return press(key, 0);
  }

  /** The same with Control held. */
  public Page pressWithControl(String key) throws IOException, InterruptedException {
    return press(key, CONTROL);
  }

  private Page press(String key, int modifiers) throws IOException, InterruptedException {
    int code = KEYS.getOrDefault(key, 0);
    Map<String, Object> event = new HashMap<>();
    event.put("key", key);
    event.put("code", key);
    event.put("windowsVirtualKeyCode", code);
    event.put("modifiers", modifiers);
    boolean writes = key.equals("Enter") && modifiers == 0;
    event.put("type", writes ? "keyDown" : "rawKeyDown");
    if (writes) {
      event.put("text", "\r");
    }
    send("Input.dispatchKeyEvent", event);
    event.remove("text");
    event.put("type", "keyUp");
    send("Input.dispatchKeyEvent", event);
    return this;
  }

  /** What axe finds against WCAG 2.2, level AA: the rule and the elements. */
  public List<String> violations() throws IOException, InterruptedException {
    try (InputStream script = Objects.requireNonNull(Page.class.getResourceAsStream(AXE), AXE)) {
      run(new String(script.readAllBytes(), StandardCharsets.UTF_8) + ";0");
    }
    List<String> violations = new ArrayList<>();
    run("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })"
            + ".then(found => found.violations.map(each => each.id + ': ' + each.nodes.map(node =>"
            + " node.html.slice(0, 160) + node.failureSummary).join(' | ')))")
        .forEach(each -> violations.add(each.asString()));
    return violations;
  }

  /** Octets of the heap of its scripts, once what nobody needs is gone. */
  public long heapBytes() throws IOException, InterruptedException {
    send("HeapProfiler.collectGarbage", Map.of());
    return send("Runtime.getHeapUsage", Map.of()).path("usedSize").asLong();
  }

  /** What the browser does from now on. */
  public Trace trace() throws IOException, InterruptedException {
    Trace trace = new Trace(tools);
    run(Trace.mark());
    return trace;
  }

  /** Saves files that the page gives away in a folder, under their names. */
  public Page downloadsTo(Path folder) throws IOException, InterruptedException {
    send(
        "Page.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", folder.toAbsolutePath().toString()));
    return this;
  }

  /** Drags a file of this machine over the first element that fits, and drops it there. */
  public Page drop(String selector, Path file) throws IOException, InterruptedException {
    until("document.querySelector(%s)".formatted(quoted(selector)));
    JsonNode at =
        run(
            "(() => { const box = document.querySelector(%s).getBoundingClientRect();"
                    .formatted(quoted(selector))
                + " return [box.x + box.width / 2, box.y + box.height / 2]; })()");
    Map<String, Object> data =
        Map.of("items", List.of(), "files", List.of(file.toString()), "dragOperationsMask", 1);
    for (String type : List.of("dragEnter", "dragOver", "drop")) {
      send(
          "Input.dispatchDragEvent",
          Map.of(
              "type", type, "x", at.path(0).asDouble(), "y", at.path(1).asDouble(), "data", data));
    }
    return this;
  }

  /** A picture of what is seen. */
  public Page picture(Path file) throws IOException, InterruptedException {
    run("document.fonts.ready.then(() => new Promise(requestAnimationFrame)).then(() => true)");
    String data = send("Page.captureScreenshot", Map.of("format", "png")).path("data").asString();
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, Base64.getDecoder().decode(data));
    return this;
  }

  /** A text as a literal of JavaScript. */
  public static String quoted(String text) {
    return JSON.writeValueAsString(text);
  }
}
