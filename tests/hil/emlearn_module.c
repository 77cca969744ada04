// Models that emlearn made, as a module of MicroPython: NAME(features, found) fills the floats `found` with what the model NAME says of each label.
// The models are emlearn's own C code; a forest takes features as int16_t, a network its inputs as floats.
#include "py/runtime.h"

#include "trees32.h"
#include "trees32_as_is.h"
#include "trees256.h"
#include "trees256_as_is.h"
#include "network.h"

#define MODEL(name, function, input) \
    static mp_obj_t name##_answer(mp_obj_t features, mp_obj_t found) { \
        mp_buffer_info_t in, out; \
        mp_get_buffer_raise(features, &in, MP_BUFFER_READ); \
        mp_get_buffer_raise(found, &out, MP_BUFFER_WRITE); \
        return MP_OBJ_NEW_SMALL_INT(function(in.buf, in.len / sizeof(input), out.buf, out.len / sizeof(float))); \
    } \
    static MP_DEFINE_CONST_FUN_OBJ_2(name##_obj, name##_answer)

MODEL(trees32, trees32_predict_proba, int16_t);
MODEL(trees32_as_is, trees32_as_is_predict_proba, int16_t);
MODEL(trees256, trees256_predict_proba, int16_t);
MODEL(trees256_as_is, trees256_as_is_predict_proba, int16_t);
MODEL(network, network_regress, float);

static const mp_rom_map_elem_t globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_trees32), MP_ROM_PTR(&trees32_obj) },
    { MP_ROM_QSTR(MP_QSTR_trees32_as_is), MP_ROM_PTR(&trees32_as_is_obj) },
    { MP_ROM_QSTR(MP_QSTR_trees256), MP_ROM_PTR(&trees256_obj) },
    { MP_ROM_QSTR(MP_QSTR_trees256_as_is), MP_ROM_PTR(&trees256_as_is_obj) },
    { MP_ROM_QSTR(MP_QSTR_network), MP_ROM_PTR(&network_obj) },
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t emlearn_models = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&globals,
};
MP_REGISTER_MODULE(MP_QSTR_emlearn_models, emlearn_models);
