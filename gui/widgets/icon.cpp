// SPDX-License-Identifier: MIT
#include "gui/widgets/icon.hpp"

#include <cmath>
#include <initializer_list>
#include <numbers>

namespace kith::gui {
namespace {

constexpr float pi = std::numbers::pi_v<float>;

// Shapes are given in a 24 by 24 grid, as icon sets usually are.
struct Pen {
    ImDrawList& draw;
    ImVec2 corner;
    float unit;
    ImU32 colour;

    [[nodiscard]] ImVec2 at(float x, float y) const {
        return {corner.x + x * unit, corner.y + y * unit};
    }
    [[nodiscard]] float width() const { return unit * 1.8F; }

    void line(std::initializer_list<ImVec2> points, bool closed = false) const {
        for (const ImVec2& point : points) draw.PathLineTo(at(point.x, point.y));
        draw.PathStroke(colour, closed ? ImDrawFlags_Closed : ImDrawFlags_None, width());
    }
    void circle(float x, float y, float radius) const {
        draw.AddCircle(at(x, y), radius * unit, colour, 0, width());
    }
    void arc(float x, float y, float radius, float from, float to) const {
        draw.PathArcTo(at(x, y), radius * unit, from * pi, to * pi);
        draw.PathStroke(colour, ImDrawFlags_None, width());
    }
    void box(float x0, float y0, float x1, float y1, float rounding) const {
        draw.AddRect(at(x0, y0), at(x1, y1), colour, rounding * unit, 0, width());
    }
    void dot(float x, float y, float radius) const {
        draw.AddCircleFilled(at(x, y), radius * unit, colour);
    }
};

void draw_copy(const Pen& pen) {
    pen.box(9, 9, 21, 21, 2.5F);
    pen.line({{5.5F, 15},
              {4.5F, 15},
              {3, 13.5F},
              {3, 4.5F},
              {4.5F, 3},
              {13.5F, 3},
              {15, 4.5F},
              {15, 5.5F}});
}

void draw_person(const Pen& pen) {
    pen.circle(9, 8, 4);
    pen.arc(9, 21, 7, 1, 2);
    pen.line({{19, 8}, {19, 14}});
    pen.line({{16, 11}, {22, 11}});
}

void draw_new_window(const Pen& pen) {
    pen.line({{12, 4}, {4, 4}, {4, 20}, {20, 20}, {20, 12}});
    pen.line({{15, 3.5F}, {20.5F, 3.5F}, {20.5F, 9}});
    pen.line({{20, 4}, {12, 12}});
}

void draw_sun(const Pen& pen) {
    pen.circle(12, 12, 4.2F);
    for (const ImVec2 d : {ImVec2{0, 1},
                           {1, 0},
                           {0, -1},
                           {-1, 0},
                           {0.7F, 0.7F},
                           {-0.7F, 0.7F},
                           {0.7F, -0.7F},
                           {-0.7F, -0.7F}})
        pen.line({{12 + d.x * 7.2F, 12 + d.y * 7.2F}, {12 + d.x * 9.6F, 12 + d.y * 9.6F}});
}

// The crescent's outline: the outer circle, and back along the circle that bites into it.
void draw_moon(const Pen& pen) {
    pen.draw.PathArcTo(pen.at(12, 12), 8.5F * pen.unit, 0.03F * pi, 1.47F * pi);
    pen.draw.PathArcTo(pen.at(16.2F, 7.8F), 6.6F * pen.unit, 1.24F * pi, 0.26F * pi);
    pen.draw.PathStroke(pen.colour, ImDrawFlags_Closed, pen.width());
}

void draw_keyboard(const Pen& pen) {
    pen.box(2, 6, 22, 18, 2);
    for (const float x : {6.0F, 10.0F, 14.0F, 18.0F}) pen.dot(x, 10, 1);
    pen.line({{8, 14.5F}, {16, 14.5F}});
}

void draw_shield(const Pen& pen) {
    pen.line({{12, 3}, {20, 6}, {19.5F, 13}, {16.5F, 18}, {12, 21}, {7.5F, 18}, {4.5F, 13}, {4, 6}},
             true);
    pen.line({{8.5F, 12}, {11, 14.5F}, {15.5F, 9.5F}});
}

void draw_trash(const Pen& pen) {
    pen.line({{4, 6.5F}, {20, 6.5F}});
    pen.line({{9, 6}, {9, 3.5F}, {15, 3.5F}, {15, 6}});
    pen.line({{6, 7}, {7, 20.5F}, {17, 20.5F}, {18, 7}});
}

void draw_send(const Pen& pen) {
    const ImVec2 wings[] = {pen.at(3, 4), pen.at(22, 12), pen.at(3, 20), pen.at(7, 12)};
    pen.draw.AddConcavePolyFilled(wings, 4, pen.colour);
}

void draw_lock(const Pen& pen) {
    pen.box(5, 11, 19, 21, 2.5F);
    pen.line({{8, 11}, {8, 7.5F}});
    pen.line({{16, 11}, {16, 7.5F}});
    pen.arc(12, 7.5F, 4, 1, 2);
}

void draw_warning(const Pen& pen) {
    pen.line({{12, 3.5F}, {22, 20.5F}, {2, 20.5F}}, true);
    pen.line({{12, 10}, {12, 14.5F}});
    pen.dot(12, 17.3F, 1.1F);
}

void draw_info(const Pen& pen) {
    pen.circle(12, 12, 9);
    pen.line({{12, 11}, {12, 16.5F}});
    pen.dot(12, 7.8F, 1.2F);
}

void draw_clock(const Pen& pen) {
    pen.circle(12, 12, 8.5F);
    pen.line({{12, 7}, {12, 12.5F}, {16, 14}});
}

void draw_reply(const Pen& pen) {
    pen.line({{9.5F, 5}, {3.5F, 11}, {9.5F, 17}});
    pen.line({{4, 11}, {13, 11}, {17, 12.5F}, {19.5F, 15.5F}, {20.5F, 19.5F}});
}

void draw_smile(const Pen& pen) {
    pen.circle(12, 12, 9);
    pen.dot(8.8F, 9.8F, 1.3F);
    pen.dot(15.2F, 9.8F, 1.3F);
    pen.arc(12, 12.5F, 4.8F, 0.15F, 0.85F);
}

void draw_gear(const Pen& pen) {
    constexpr int teeth = 8;
    pen.circle(12, 12, 3);
    pen.circle(12, 12, 6.8F);
    for (int i = 0; i < teeth; ++i) {
        const float angle = 2 * pi * static_cast<float>(i) / teeth;
        const float x = std::cos(angle), y = std::sin(angle);
        pen.line({{12 + x * 6.8F, 12 + y * 6.8F}, {12 + x * 9.8F, 12 + y * 9.8F}});
    }
}

void draw_timer(const Pen& pen) {
    pen.circle(12, 13.5F, 7.5F);
    pen.line({{12, 13.5F}, {12, 9.5F}});
    pen.line({{9.5F, 3}, {14.5F, 3}});
    pen.line({{18, 7}, {19.5F, 5.5F}});
}

void draw_save(const Pen& pen) {
    pen.line({{12, 3.5F}, {12, 15}});
    pen.line({{7, 10.5F}, {12, 15.5F}, {17, 10.5F}});
    pen.line({{4, 16.5F}, {4, 20.5F}, {20, 20.5F}, {20, 16.5F}});
}

void draw_key(const Pen& pen) {
    pen.circle(8, 15.5F, 4.5F);
    pen.line({{11.3F, 12.2F}, {20, 3.5F}});
    pen.line({{15.5F, 8}, {19, 11.5F}});
}

void draw_brush(const Pen& pen) {
    pen.line({{20.5F, 3.5F}, {10.5F, 13.5F}});
    pen.line(
        {{10, 12.5F}, {6, 14.5F}, {5.5F, 18}, {3, 20.5F}, {8.5F, 20}, {11.5F, 18}, {11.5F, 14}},
        true);
}

void draw_qr(const Pen& pen) {
    for (const ImVec2 corner : {ImVec2{3, 3}, ImVec2{14, 3}, ImVec2{3, 14}}) {
        pen.box(corner.x, corner.y, corner.x + 7, corner.y + 7, 0.5F);
        pen.dot(corner.x + 3.5F, corner.y + 3.5F, 1.3F);
    }
    for (const ImVec2 at :
         {ImVec2{15, 15}, ImVec2{20, 15}, ImVec2{17.5F, 17.5F}, ImVec2{15, 20}, ImVec2{20, 20}})
        pen.dot(at.x, at.y, 1.3F);
}

// Three machines and what joins them.
void draw_network(const Pen& pen) {
    pen.box(8.5F, 3, 15.5F, 8.5F, 1);
    pen.box(2.5F, 15.5F, 9.5F, 21, 1);
    pen.box(14.5F, 15.5F, 21.5F, 21, 1);
    pen.line({{12, 8.5F}, {12, 12}});
    pen.line({{6, 15.5F}, {6, 12}, {18, 12}, {18, 15.5F}});
}

void draw_file(const Pen& pen) {
    pen.line({{14, 3}, {5.5F, 3}, {5.5F, 21}, {18.5F, 21}, {18.5F, 7.5F}}, true);
    pen.line({{14, 3}, {14, 7.5F}, {18.5F, 7.5F}});
}

void draw_folder(const Pen& pen) {
    pen.line({{3, 19.5F}, {3, 5}, {9, 5}, {11, 7.5F}, {21, 7.5F}, {21, 19.5F}}, true);
}

void draw_picture(const Pen& pen) {
    pen.box(3, 4, 21, 20, 2);
    pen.circle(8.5F, 9.5F, 1.7F);
    pen.line({{4, 18}, {9.5F, 13.5F}, {12.5F, 16}, {16, 11.5F}, {20.5F, 16.5F}});
}

void draw_music(const Pen& pen) {
    pen.circle(7, 17.5F, 3);
    pen.circle(17, 15.5F, 3);
    pen.line({{10, 17.5F}, {10, 5.5F}, {20, 3.5F}, {20, 15.5F}});
}

void draw_film(const Pen& pen) {
    pen.box(3, 5, 21, 19, 2);
    pen.line({{10, 9}, {15, 12}, {10, 15}}, true);
}

void draw_archive(const Pen& pen) {
    pen.box(3, 4, 21, 9, 1);
    pen.line({{4.5F, 9}, {4.5F, 20}, {19.5F, 20}, {19.5F, 9}});
    pen.line({{10, 13}, {14, 13}});
}

void draw_clip(const Pen& pen) {
    pen.line({{7, 8}, {7, 16}});
    pen.arc(11.5F, 16, 4.5F, 0, 1);
    pen.line({{16, 16}, {16, 6}});
    pen.arc(13, 6, 3, 1, 2);
    pen.line({{10, 6}, {10, 15.5F}});
    pen.arc(11.5F, 15.5F, 1.5F, 0, 1);
    pen.line({{13, 15.5F}, {13, 8}});
}

// One arrow down, one up.
void draw_transfers(const Pen& pen) {
    pen.line({{8, 4}, {8, 19}});
    pen.line({{4, 15}, {8, 19.5F}, {12, 15}});
    pen.line({{16, 20}, {16, 5}});
    pen.line({{12.5F, 9}, {16, 4.5F}, {20, 9}});
}

void draw_refresh(const Pen& pen) {
    pen.arc(12, 12, 8, 0.1F, 1.75F);
    pen.line({{18.5F, 2.5F}, {18, 7}, {13.5F, 6.5F}});
}

void draw_dots(const Pen& pen) {
    for (const float x : {5.5F, 12.0F, 18.5F}) pen.dot(x, 12, 1.7F);
}

}  // namespace

void draw_icon(ImDrawList& draw, Icon icon, ImVec2 corner, float size, ImU32 colour) {
    const Pen pen{draw, corner, size / 24, colour};
    switch (icon) {
        case Icon::copy:
            return draw_copy(pen);
        case Icon::check:
            return pen.line({{5, 12.5F}, {10, 17.5F}, {19.5F, 7}});
        case Icon::check_double:
            pen.line({{1.5F, 12.5F}, {6.5F, 17.5F}, {16, 7}});
            return pen.line({{11.5F, 16.5F}, {12.5F, 17.5F}, {22, 7}});
        case Icon::clock:
            return draw_clock(pen);
        case Icon::warning:
            return draw_warning(pen);
        case Icon::add_person:
            return draw_person(pen);
        case Icon::new_window:
            return draw_new_window(pen);
        case Icon::sun:
            return draw_sun(pen);
        case Icon::moon:
            return draw_moon(pen);
        case Icon::pulse:
            return pen.line({{2, 12}, {7, 12}, {10, 4}, {14.5F, 20}, {17.5F, 12}, {22, 12}});
        case Icon::keyboard:
            return draw_keyboard(pen);
        case Icon::search:
            pen.circle(10.5F, 10.5F, 6.5F);
            return pen.line({{15.3F, 15.3F}, {21, 21}});
        case Icon::close:
            pen.line({{6, 6}, {18, 18}});
            return pen.line({{18, 6}, {6, 18}});
        case Icon::arrow_down:
            return pen.line({{5, 9}, {12, 16}, {19, 9}});
        case Icon::send:
            return draw_send(pen);
        case Icon::info:
            return draw_info(pen);
        case Icon::shield:
            return draw_shield(pen);
        case Icon::pencil:
            return pen.line({{4, 20}, {5, 15.5F}, {16, 4.5F}, {19.5F, 8}, {8.5F, 19}}, true);
        case Icon::trash:
            return draw_trash(pen);
        case Icon::block:
            pen.circle(12, 12, 9);
            return pen.line({{5.8F, 5.8F}, {18.2F, 18.2F}});
        case Icon::lock:
            return draw_lock(pen);
        case Icon::reply:
            return draw_reply(pen);
        case Icon::dots:
            return draw_dots(pen);
        case Icon::smile:
            return draw_smile(pen);
        case Icon::gear:
            return draw_gear(pen);
        case Icon::timer:
            return draw_timer(pen);
        case Icon::save:
            return draw_save(pen);
        case Icon::key:
            return draw_key(pen);
        case Icon::brush:
            return draw_brush(pen);
        case Icon::plus:
            pen.line({{12, 5}, {12, 19}});
            return pen.line({{5, 12}, {19, 12}});
        case Icon::minus:
            return pen.line({{5, 12}, {19, 12}});
        case Icon::arrow_left:
            return pen.line({{15, 5}, {8, 12}, {15, 19}});
        case Icon::arrow_right:
            return pen.line({{9, 5}, {16, 12}, {9, 19}});
        case Icon::qr:
            return draw_qr(pen);
        case Icon::network:
            return draw_network(pen);
        case Icon::file:
            return draw_file(pen);
        case Icon::folder:
            return draw_folder(pen);
        case Icon::picture:
            return draw_picture(pen);
        case Icon::music:
            return draw_music(pen);
        case Icon::film:
            return draw_film(pen);
        case Icon::archive:
            return draw_archive(pen);
        case Icon::clip:
            return draw_clip(pen);
        case Icon::transfers:
            return draw_transfers(pen);
        case Icon::pause:
            pen.line({{8.5F, 5}, {8.5F, 19}});
            return pen.line({{15.5F, 5}, {15.5F, 19}});
        case Icon::play:
            return pen.line({{7.5F, 5}, {19, 12}, {7.5F, 19}}, true);
        case Icon::refresh:
            return draw_refresh(pen);
    }
}

}  // namespace kith::gui
